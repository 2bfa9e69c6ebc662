import type { ApiClient } from "#embedded/api/client.ts";
import type { KubeObject, Pod, Volume } from "#embedded/api/objects.ts";
import { CONFIG_MAPS, SECRETS } from "#embedded/api/resources.ts";
import { fieldValue, type PodFacts, resourceValue } from "./downward-api.ts";
import type { PodTokens } from "./pod-tokens.ts";

/** A volume that cannot be set up (yet); `message` is that of the FailedMount event. */
export class VolumeError extends Error {
  constructor(volume: string, problem: string) {
    super(`MountVolume.SetUp failed for volume ${JSON.stringify(volume)} : ${problem}`);
    this.name = "VolumeError";
  }
}

/** What the content of a volume may depend on. */
interface FileInput {
  readonly pod: Pod;
  readonly facts: PodFacts;
  readonly client: ApiClient;
  readonly tokens: PodTokens;
}

interface KeyToPath {
  readonly key: string;
  readonly path: string;
  readonly mode?: number;
}

interface DownwardItem {
  readonly path: string;
  readonly mode?: number;
  readonly fieldRef?: { readonly fieldPath: string };
  readonly resourceFieldRef?: { readonly resource: string; readonly containerName?: string };
}

/** One source of files; a projected volume has several. */
export type FileSource =
  | {
      readonly type: "configMap" | "secret";
      readonly name: string;
      readonly items?: readonly KeyToPath[];
      readonly optional?: boolean;
      readonly mode: number;
    }
  | { readonly type: "downwardAPI"; readonly items: readonly DownwardItem[]; readonly mode: number }
  | {
      readonly type: "serviceAccountToken";
      readonly path: string;
      readonly audience?: string;
      readonly expirationSeconds?: number;
      readonly mode: number;
    }
  | { readonly type: "none" };

/** A file as a volume shows it, by its path inside the volume. */
export interface VolumeFile {
  readonly path: string;
  readonly content: string | Buffer;
  readonly mode: number;
}

interface RawSource {
  readonly path?: string;
  readonly audience?: string;
  readonly expirationSeconds?: number;
  readonly name?: string;
  readonly secretName?: string;
  readonly items?: readonly (KeyToPath & DownwardItem)[];
  readonly optional?: boolean;
  readonly defaultMode?: number;
  readonly sources?: readonly Record<string, RawSource>[];
}

/** What the files of a volume come from; throws for a kind of volume that does not exist here. */
export function sourcesOf(volume: Volume): readonly FileSource[] {
  const projected = volume["projected"] as RawSource | undefined; // the schema of a projected volume
  if (projected !== undefined) {
    return (projected.sources ?? []).map((entry) => fileSource(volume.name, entry, projected));
  }
  return [fileSource(volume.name, volume, undefined)];
}

function fileSource(volume: string, entry: object, projected: RawSource | undefined): FileSource {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle } =
    entry as Readonly<Record<string, RawSource | undefined>>; // at most one of them is set
  const source = configMap ?? secret;
  const mode = projected?.defaultMode ?? (source ?? downwardAPI)?.defaultMode ?? 0o644;
  if (source !== undefined) {
    const type = configMap === undefined ? "secret" : "configMap";
    const { name = source.secretName ?? "", items, optional } = source;
    return { type, name, mode, ...(items && { items }), ...(optional && { optional }) };
  }
  if (downwardAPI !== undefined)
    return { type: "downwardAPI", items: downwardAPI.items ?? [], mode };
  if (serviceAccountToken !== undefined) {
    const { path = "", audience, expirationSeconds } = serviceAccountToken;
    const wanted = {
      ...(audience && { audience }),
      ...(expirationSeconds && { expirationSeconds }),
    };
    return { type: "serviceAccountToken", path, mode, ...wanted };
  }
  if (clusterTrustBundle) return { type: "none" };
  const kind = Object.keys(entry).find((key) => key !== "name") ?? "unknown";
  throw new VolumeError(volume, `the embedded cluster has no volumes of type ${kind}`);
}

/** Reads the files of one source as the API holds them now. */
export async function volumeFiles(
  source: FileSource,
  volume: string,
  input: FileInput,
): Promise<readonly VolumeFile[]> {
  switch (source.type) {
    case "none":
      return [];
    case "downwardAPI":
      return source.items.map((item) => downwardFile(item, source.mode, input));
    case "serviceAccountToken":
      return [tokenFile(source, volume, input)];
    case "configMap":
    case "secret":
      return objectFiles(source, volume, input);
  }
}

function tokenFile(
  source: Extract<FileSource, { type: "serviceAccountToken" }>,
  volume: string,
  { pod, tokens }: FileInput,
): VolumeFile {
  try {
    return { path: source.path, content: tokens.tokenFor(pod, source), mode: source.mode };
  } catch (error) {
    throw new VolumeError(volume, `failed to fetch token: ${String(error)}`);
  }
}

function downwardFile(item: DownwardItem, mode: number, { pod, facts }: FileInput): VolumeFile {
  const { fieldRef, resourceFieldRef } = item;
  const container = pod.spec.containers.find(
    ({ name }) => name === resourceFieldRef?.containerName,
  );
  const content =
    resourceFieldRef !== undefined && container !== undefined
      ? resourceValue(resourceFieldRef, container, facts)
      : (fieldValue(fieldRef?.fieldPath ?? "", pod, facts) ?? "");
  return { path: item.path, content, mode: item.mode ?? mode };
}

async function objectFiles(
  source: Extract<FileSource, { type: "configMap" | "secret" }>,
  volume: string,
  { client, pod }: FileInput,
): Promise<readonly VolumeFile[]> {
  const resource = source.type === "secret" ? SECRETS : CONFIG_MAPS;
  const object = await client.get<KubeObject>(resource, source.name, pod.metadata.namespace);
  if (object === undefined) {
    if (source.optional === true) return [];
    const kind = source.type.toLowerCase();
    throw new VolumeError(volume, `${kind} ${JSON.stringify(source.name)} not found`);
  }
  const contents = contentsOf(object, source.type);
  const items = source.items ?? [...contents.keys()].map((key) => ({ key, path: key }));
  return items.flatMap(({ key, path, mode = source.mode }: KeyToPath) => {
    const content = contents.get(key);
    if (content !== undefined) return [{ path, content, mode }];
    if (source.optional === true) return [];
    throw new VolumeError(volume, `references non-existent ${source.type} key: ${key}`);
  });
}

function contentsOf(
  object: KubeObject,
  type: "configMap" | "secret",
): Map<string, string | Buffer> {
  const text = (object["data"] ?? {}) as Record<string, string>; // by the schema of both kinds
  const binary = (object["binaryData"] ?? {}) as Record<string, string>;
  const decoded = (value: string) => Buffer.from(value, "base64");
  return new Map<string, string | Buffer>([
    ...Object.entries(text).map(
      ([key, value]) => [key, type === "secret" ? decoded(value) : value] as const,
    ),
    ...Object.entries(binary).map(([key, value]) => [key, decoded(value)] as const),
  ]);
}
