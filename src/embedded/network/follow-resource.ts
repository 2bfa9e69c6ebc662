import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "#embedded/api/api-error.ts";
import type { ApiClient, Resource } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";

export interface ResourceChange<T extends KubeObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
}

export interface Follower {
  /** Resolves when following has ended, which the signal brings about. */
  readonly ended: Promise<void>;
}

const RETRY_DELAY_MS = 100;

/**
 * Tells every change of a resource, in order and without a gap: first what is there, then what the watch
 * brings; after a lost watch what a new list shows to have changed. Resolves after the first list.
 */
export async function followResource<T extends KubeObject>(
  client: ApiClient,
  resource: Resource,
  tell: (change: ResourceChange<T>) => void,
  signal: AbortSignal,
): Promise<Follower> {
  const known = new Map<string, T>();
  const learn = (change: ResourceChange<T>) => {
    if (change.type === "DELETED") known.delete(change.object.metadata.uid);
    else known.set(change.object.metadata.uid, change.object);
    tell(change);
  };
  const list = async () => {
    const { items, resourceVersion } = await client.list<T>(resource);
    for (const change of difference(known, items)) learn(change);
    return resourceVersion;
  };

  const watchFrom = async (start: string) => {
    let from = start;
    while (!signal.aborted) {
      try {
        for await (const event of client.watch<T>(resource, { resourceVersion: from, signal })) {
          from = event.object.metadata.resourceVersion;
          learn(event);
        }
      } catch (error) {
        if (signal.aborted) return;
        const tooOld = error instanceof ApiError && error.code === 410;
        if (!tooOld) await sleep(RETRY_DELAY_MS, undefined, { signal }).catch(() => undefined);
        from = await list().catch(() => from); // refused as well: the next watch fails and waits
      }
    }
  };
  return { ended: watchFrom(await list()) };
}

function difference<T extends KubeObject>(
  known: ReadonlyMap<string, T>,
  items: readonly T[],
): readonly ResourceChange<T>[] {
  const present = new Set(items.map(({ metadata }) => metadata.uid));
  const gone = [...known.values()].filter(({ metadata }) => !present.has(metadata.uid));
  const news = items.filter(({ metadata }) => {
    const version = known.get(metadata.uid)?.metadata.resourceVersion;
    return version !== metadata.resourceVersion;
  });
  return [
    ...gone.map((object) => ({ type: "DELETED", object }) as const),
    ...news.map((object) => {
      const type = known.has(object.metadata.uid) ? "MODIFIED" : "ADDED";
      return { type, object } as const;
    }),
  ];
}
