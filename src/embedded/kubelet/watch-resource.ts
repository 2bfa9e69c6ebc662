import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "#embedded/api/api-error.ts";
import type { ApiClient, ListOptions, Resource } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";

/** After an error of the server, not after an ordinary end of the watch. */
const RETRY_MS = 1_000;

export interface ResourceHandlers<T extends KubeObject> {
  /** Added or changed; also called with unchanged objects after the watch had to begin anew. */
  onPresent(object: T): void;
  onGone(object: T): void;
}

export interface WatchRequest<T extends KubeObject> {
  readonly client: ApiClient;
  readonly resource: Resource;
  readonly options: ListOptions;
  readonly handlers: ResourceHandlers<T>;
}

/**
 * Lists and watches until `signal` aborts. A watch that ends or is too old (410) begins with a new
 * list; what the list does not show any more is reported as gone.
 */
export async function watchResource<T extends KubeObject>(
  request: WatchRequest<T>,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map<string, T>();
  while (!signal.aborted) {
    try {
      await listAndWatch(request, known, signal);
    } catch (error) {
      const expired = error instanceof ApiError && error.code === 410;
      if (!expired) await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
}

async function listAndWatch<T extends KubeObject>(
  { client, resource, options, handlers }: WatchRequest<T>,
  known: Map<string, T>,
  signal: AbortSignal,
): Promise<void> {
  const { items, resourceVersion } = await client.list<T>(resource, options);
  const listed = new Set(items.map(({ metadata }) => metadata.uid));
  for (const object of [...known.values()]) {
    if (listed.has(object.metadata.uid)) continue;
    known.delete(object.metadata.uid);
    handlers.onGone(object);
  }
  for (const object of items) present(object);
  const events = client.watch<T>(resource, { ...options, resourceVersion, signal });
  for await (const { type, object } of events) {
    if (signal.aborted) return;
    if (type !== "DELETED") present(object);
    else if (known.delete(object.metadata.uid)) handlers.onGone(object);
  }

  function present(object: T): void {
    known.set(object.metadata.uid, object);
    handlers.onPresent(object);
  }
}
