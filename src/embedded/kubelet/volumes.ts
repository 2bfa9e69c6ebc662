import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import type { ApiClient } from "#embedded/api/client.ts";
import type { Container, Pod, Volume } from "#embedded/api/objects.ts";
import type { PodFacts } from "./downward-api.ts";
import type { LocalPath } from "./local-paths.ts";
import { sourcesOf, VolumeError, type VolumeFile, volumeFiles } from "./volume-files.ts";

export interface VolumeInput {
  readonly pod: Pod;
  readonly facts: PodFacts;
  readonly client: ApiClient;
  /** The cluster's directory: claims live in `volumes/<namespace>/<claim>` and outlive their pods. */
  readonly clusterDirectory: string;
  /** What is the pod's own goes with the pod. */
  readonly podDirectory: string;
}

/** Where each volume of the pod lies on this machine, by its name; creates what has to be created. */
export async function setUpVolumes(input: VolumeInput): Promise<ReadonlyMap<string, string>> {
  const places = new Map<string, string>();
  for (const volume of input.pod.spec.volumes ?? []) {
    places.set(volume.name, await setUp(volume, input));
  }
  return places;
}

/** The mounts of one container, for the rewriting of its paths. */
export function mountsOf(
  container: Container,
  places: ReadonlyMap<string, string>,
): readonly LocalPath[] {
  return (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath = "" }) => {
    const place = places.get(name);
    return place === undefined
      ? []
      : [{ containerPath: mountPath, localPath: join(place, subPath) }];
  });
}

async function setUp(volume: Volume, input: VolumeInput): Promise<string> {
  const { name, hostPath, persistentVolumeClaim: claim } = volume;
  if (hostPath !== undefined) return hostDirectory(name, hostPath);
  if (claim !== undefined) {
    const namespace = input.pod.metadata.namespace ?? "default";
    return created(join(input.clusterDirectory, "volumes", namespace, claim.claimName));
  }
  const place = await created(join(input.podDirectory, "volumes", name));
  if (volume.emptyDir !== undefined) return place;
  for (const source of sourcesOf(volume)) {
    for (const file of await volumeFiles(source, name, input)) await put(place, file, name);
  }
  return place;
}

async function hostDirectory(name: string, source: { path: string; type?: string }) {
  const { path, type = "" } = source;
  if (type === "DirectoryOrCreate") return created(path);
  if (type === "FileOrCreate") await writeFile(path, "", { flag: "a" });
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new VolumeError(name, `hostPath type check failed: ${path} does not exist`);
  }
  if (type === "Directory" && !found.isDirectory()) {
    throw new VolumeError(name, `hostPath type check failed: ${path} is not a directory`);
  }
  if (type === "File" && !found.isFile()) {
    throw new VolumeError(name, `hostPath type check failed: ${path} is not a file`);
  }
  return path;
}

async function put(place: string, { path, content, mode }: VolumeFile, volume: string) {
  const file = join(place, normalize(path));
  if (!file.startsWith(`${place}/`)) throw new VolumeError(volume, `${path} leaves the volume`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content, { mode });
}

async function created(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  return directory;
}
