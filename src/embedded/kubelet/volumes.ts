import { chmodSync, chownSync, existsSync } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import type { ApiClient } from "#embedded/api/client.ts";
import type { Pod, Volume } from "#embedded/api/objects.ts";
import { showFiles } from "./atomic-files.ts";
import { volumeGroup } from "./container-user.ts";
import type { PodFacts } from "./downward-api.ts";
import type { PodTokens } from "./pod-tokens.ts";
import { sourcesOf, VolumeError, type VolumeFile, volumeFiles } from "./volume-files.ts";

export interface VolumeInput {
  readonly pod: Pod;
  readonly facts: PodFacts;
  readonly client: ApiClient;
  readonly tokens: PodTokens;
  /** The cluster's directory: claims live in `volumes/<namespace>/<claim>` and outlive their pods. */
  readonly clusterDirectory: string;
  /** What is the pod's own goes with the pod. */
  readonly podDirectory: string;
  /** The same for volumes that are kept in memory. */
  readonly memoryDirectory: string;
}

/** Where each volume of the pod lies on this machine, by its name; creates what has to be created. */
export async function setUpVolumes(input: VolumeInput): Promise<ReadonlyMap<string, string>> {
  const places = new Map<string, string>();
  for (const volume of input.pod.spec.volumes ?? []) {
    places.set(volume.name, await setUp(volume, input));
  }
  return places;
}

/** Brings the files that come from other objects up to date; a source that is missing leaves them as they are. */
export async function refreshVolumes(input: VolumeInput): Promise<void> {
  for (const volume of input.pod.spec.volumes ?? []) {
    if (!hasFiles(volume)) continue;
    await setUp(volume, input).catch((error: unknown) => {
      if (!(error instanceof VolumeError)) throw error;
    });
  }
}

/** Whether a pod has volumes whose content may change under it. */
export function hasChangingVolumes({ spec }: Pod): boolean {
  return (spec.volumes ?? []).some(hasFiles);
}

function hasFiles({ hostPath, persistentVolumeClaim, emptyDir }: Volume): boolean {
  return (hostPath ?? persistentVolumeClaim ?? emptyDir) === undefined;
}

async function setUp(volume: Volume, input: VolumeInput): Promise<string> {
  const { name, hostPath, persistentVolumeClaim: claim } = volume;
  if (hostPath !== undefined) return hostDirectory(name, hostPath);
  if (claim !== undefined) {
    const namespace = input.pod.metadata.namespace ?? "default";
    return openDirectory(join(input.clusterDirectory, "volumes", namespace, claim.claimName));
  }
  const inMemory = volume.emptyDir?.medium === "Memory";
  const base = inMemory ? input.memoryDirectory : input.podDirectory;
  const place = await openDirectory(join(base, "volumes", name));
  if (!hasFiles(volume)) {
    giveToGroup(place, input.pod);
    return place;
  }
  const files: VolumeFile[] = [];
  for (const source of sourcesOf(volume)) files.push(...(await volumeFiles(source, name, input)));
  for (const { path } of files) {
    if (normalize(path).startsWith("..")) throw new VolumeError(name, `${path} leaves the volume`);
  }
  showFiles(place, files, volumeGroup(input.pod));
  return place;
}

async function hostDirectory(name: string, source: { path: string; type?: string }) {
  const { path, type = "" } = source;
  if (type === "DirectoryOrCreate") await mkdir(path, { recursive: true });
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

/** What is made in it belongs to the group as well. */
function giveToGroup(directory: string, pod: Pod): void {
  const group = volumeGroup(pod);
  if (group === undefined) return;
  chownSync(directory, -1, group);
  chmodSync(directory, 0o2777);
}

/** Everybody may write to a volume, since containers need not run as us. */
async function openDirectory(directory: string): Promise<string> {
  if (existsSync(directory)) return directory;
  await mkdir(directory, { recursive: true });
  chmodSync(directory, 0o777);
  return directory;
}
