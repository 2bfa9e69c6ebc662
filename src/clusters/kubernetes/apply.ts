import { REPLACED_KINDS } from "#domain/required-access.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { ApiConnection } from "./api-connection.ts";
import { type ApiAnswer, refusal, statusOf } from "./api-errors.ts";
import type { ApiMetadata } from "./api-objects.ts";
import { applyOrder } from "./apply-order.ts";
import { type ResourcePath, ResourcePaths } from "./resource-paths.ts";

/** Unknown fields are refused instead of dropped: a misspelt `lifecycle` would change what is measured. */
const WRITE = { fieldManager: "lastcall", fieldValidation: "Strict" } as const;

/** How often a replacement is tried when controllers write the object's status at the same time. */
const REPLACE_TRIES = 5;

/** Creates what is missing and updates what is there; labels and annotations of others are kept. */
export async function apply(
  api: ApiConnection,
  objects: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<void> {
  const paths = new ResourcePaths(api);
  for (const object of applyOrder(objects)) {
    await applyOne(api, { object, path: await paths.find(object, signal) }, signal);
  }
}

interface Placed {
  readonly object: KubernetesObject;
  readonly path: ResourcePath;
}

async function applyOne(api: ApiConnection, placed: Placed, signal: AbortSignal): Promise<void> {
  const { object, path } = placed;
  const look = { attempt: `find ${describe(object)}`, method: "GET", path: path.object } as const;
  // Asking first: to create what is there needs a permission more, and a full quota refuses even that.
  if (!isSuccess(await api.request(look, signal))) {
    const attempt = `create ${describe(object)}`;
    const answer = await api.request(
      { attempt, method: "POST", path: path.collection, query: WRITE, body: object },
      signal,
    );
    if (isSuccess(answer)) return;
    if (statusOf(answer).reason !== "AlreadyExists") throw refusal(attempt, answer);
  }
  if (REPLACED_KINDS.has(object.kind)) await replace(api, placed, signal);
  else await merge(api, placed, signal);
}

async function merge(
  api: ApiConnection,
  { object, path }: Placed,
  signal: AbortSignal,
): Promise<void> {
  await api.json(
    {
      attempt: `update ${describe(object)}`,
      method: "PATCH",
      path: path.object,
      query: WRITE,
      body: object,
      contentType: "application/merge-patch+json",
    },
    signal,
  );
}

async function replace(
  api: ApiConnection,
  { object, path }: Placed,
  signal: AbortSignal,
): Promise<void> {
  const attempt = `update ${describe(object)}`;
  for (let tries = 1; ; tries += 1) {
    const stored = await api.json<StoredObject>(
      { attempt, method: "GET", path: path.object },
      signal,
    );
    const body = replacement(object, stored);
    const answer = await api.request(
      { attempt, method: "PUT", path: path.object, query: WRITE, body },
      signal,
    );
    if (isSuccess(answer)) return;
    if (statusOf(answer).reason !== "Conflict" || tries === REPLACE_TRIES) {
      throw refusal(attempt, answer);
    }
  }
}

interface StoredObject {
  readonly metadata: ApiMetadata;
  readonly spec?: { readonly replicas?: number };
  readonly status?: unknown;
}

/** The manifest in place of what is stored, with the stored object's identity and others' annotations. */
function replacement(object: KubernetesObject, stored: StoredObject): KubernetesObject {
  const { spec } = object;
  const replicas = stored.spec?.replicas;
  return {
    ...object,
    metadata: {
      ...stored.metadata,
      ...merged("labels", object, stored),
      ...merged("annotations", object, stored),
    },
    // A manifest without `replicas` leaves them to an autoscaler, whose choice is kept.
    ...(typeof spec === "object" && {
      spec: { ...(replicas !== undefined && { replicas }), ...spec },
    }),
    ...(stored.status !== undefined && { status: stored.status }),
  };
}

/** An empty map is left out: writing one where there was none would be a change. */
function merged(
  field: "labels" | "annotations",
  object: KubernetesObject,
  stored: StoredObject,
): Partial<Record<typeof field, Readonly<Record<string, string>>>> {
  const entries = { ...stored.metadata[field], ...object.metadata[field] };
  return Object.keys(entries).length === 0 ? {} : { [field]: entries };
}

function describe({ kind, metadata }: KubernetesObject): string {
  return metadata.namespace === undefined
    ? `${kind} ${metadata.name}`
    : `${kind} ${metadata.namespace}/${metadata.name}`;
}

function isSuccess({ status }: ApiAnswer): boolean {
  return status >= 200 && status <= 299;
}
