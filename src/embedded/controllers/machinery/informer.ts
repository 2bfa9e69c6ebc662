import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "#embedded/api/api-error.ts";
import type { ApiClient, Resource, WatchEvent } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";

/** What a listener learns: the object as it is now (or was last), and as this cache knew it before. */
export interface Change<T extends KubeObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
  readonly previous?: T;
}

export type ChangeListener<T extends KubeObject> = (change: Change<T>) => void;

/** How long to wait before listing again after an answer that was not expected. */
const RELIST_DELAY_MS = 100;

/**
 * A local copy of one resource, kept by list and watch:
 *
 *   list ──► watch from there ──► ended: watch again from the last event ──► 410: list again
 *
 * Controllers read here and write to the API. So that a controller never decides twice on the same old
 * news, its own writes are told to the cache at once (`remember`, `forget`); the event that follows then
 * only wakes the listeners.
 */
export class Informer<T extends KubeObject> {
  readonly resource: Resource;
  readonly #client: ApiClient;
  readonly #namespaces = new Map<string, Map<string, T>>();
  readonly #listeners = new Set<ChangeListener<T>>();
  readonly #forgotten = new Set<string>();
  readonly #stopped = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(client: ApiClient, resource: Resource) {
    this.#client = client;
    this.resource = resource;
  }

  /** Resolves when the first list is in the cache; the watch goes on until `stop`. */
  async start(): Promise<void> {
    const resourceVersion = await this.#list();
    this.#running = this.#follow(resourceVersion);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  /** Called for every later change, and once for every object that is known already. */
  subscribe(listener: ChangeListener<T>): void {
    this.#listeners.add(listener);
    for (const object of this.list()) listener({ type: "ADDED", object });
  }

  get(name: string, namespace = ""): T | undefined {
    return this.#namespaces.get(namespace)?.get(name);
  }

  list(namespace?: string): readonly T[] {
    if (namespace !== undefined) return [...(this.#namespaces.get(namespace)?.values() ?? [])];
    return [...this.#namespaces.values()].flatMap((objects) => [...objects.values()]);
  }

  /** Takes over the answer to a write, unless the cache is ahead of it already. */
  remember(object: T): void {
    if (this.#forgotten.has(object.metadata.uid)) return;
    const known = this.get(object.metadata.name, object.metadata.namespace);
    if (known === undefined || versionOf(known) < versionOf(object)) this.#put(object);
  }

  /** Takes over that an object is gone, until its DELETED event says so too. */
  forget(object: T): void {
    this.#forgotten.add(object.metadata.uid);
    this.#remove(object);
  }

  async #follow(resourceVersion: string): Promise<void> {
    let from = resourceVersion;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        for await (const event of this.#client.watch<T>(this.resource, {
          resourceVersion: from,
          signal,
        })) {
          from = event.object.metadata.resourceVersion;
          this.#apply(event);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ApiError && error.code === 410)) await this.#pause();
        from = await this.#listAgain(from);
      }
    }
  }

  async #listAgain(lastSeen: string): Promise<string> {
    while (!this.#stopped.signal.aborted) {
      try {
        return await this.#list();
      } catch {
        await this.#pause(); // the next answer decides; there is nothing to watch from until then
      }
    }
    return lastSeen;
  }

  async #pause(): Promise<void> {
    const { signal } = this.#stopped;
    await sleep(RELIST_DELAY_MS, undefined, { signal }).catch(() => undefined);
  }

  async #list(): Promise<string> {
    const { items, resourceVersion } = await this.#client.list<T>(this.resource);
    const uids = new Set(items.map((item) => item.metadata.uid));
    for (const object of this.list()) {
      if (!uids.has(object.metadata.uid)) this.#apply({ type: "DELETED", object });
    }
    for (const object of items) {
      const known = this.get(object.metadata.name, object.metadata.namespace);
      if (known?.metadata.resourceVersion === object.metadata.resourceVersion) continue;
      this.#apply({ type: known === undefined ? "ADDED" : "MODIFIED", object });
    }
    return resourceVersion;
  }

  #apply({ type, object }: WatchEvent<T>): void {
    const { uid, name, namespace } = object.metadata;
    const known = this.get(name, namespace);
    const previous = known !== undefined && known.metadata.uid === uid ? { previous: known } : {};
    if (type === "DELETED") {
      this.#forgotten.delete(uid);
      this.#remove(object);
    } else if (this.#forgotten.has(uid)) {
      return;
    } else if (known === undefined || versionOf(known) <= versionOf(object)) {
      this.#put(object);
    }
    for (const listener of this.#listeners) listener({ type, object, ...previous });
  }

  #put(object: T): void {
    const { namespace = "", name } = object.metadata;
    const objects = this.#namespaces.get(namespace) ?? new Map<string, T>();
    this.#namespaces.set(namespace, objects.set(name, object));
  }

  #remove({ metadata: { namespace = "", name, uid } }: T): void {
    const objects = this.#namespaces.get(namespace);
    if (objects?.get(name)?.metadata.uid !== uid) return; // its successor of the same name stays
    objects.delete(name);
    if (objects.size === 0) this.#namespaces.delete(namespace);
  }
}

function versionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion);
}
