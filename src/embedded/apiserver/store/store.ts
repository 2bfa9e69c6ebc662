import type { KubeObject } from "#embedded/api/objects.ts";
import { EventHistory, type StoreEvent } from "./event-history.ts";

/** Called within the write itself, so a watcher sees every event once and in order. */
export type StoreListener = (event: StoreEvent) => void;

interface Collection {
  readonly objects: Map<string, KubeObject>;
  readonly history: EventHistory;
  readonly listeners: Set<StoreListener>;
}

/**
 * All objects of the cluster, in memory. Like etcd it knows no rules: it numbers every write with one
 * counter that all resources share, remembers the latest writes, and tells who listens.
 *
 *   write ──► resourceVersion + 1 ──► object replaced ──► history ──► listeners
 *
 * Stored objects are never changed in place. A collection is named `<group>/<plural>`; a key is
 * `<namespace>/<name>`, or the name alone.
 */
export class Store {
  readonly #collections = new Map<string, Collection>();
  readonly #historyCapacity: number;
  #resourceVersion = 0;

  constructor(historyCapacity: number) {
    this.#historyCapacity = historyCapacity;
  }

  /** The number of the last write, whatever it wrote. */
  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  get(collection: string, key: string): KubeObject | undefined {
    return this.#collections.get(collection)?.objects.get(key);
  }

  /** Creates or replaces; returns what is stored now, with its new resourceVersion. */
  write(collection: string, key: string, object: KubeObject): KubeObject {
    const { objects } = this.#collection(collection);
    const previous = objects.get(key);
    const stored = this.#stamp(object);
    objects.set(key, stored);
    const event = { object: stored, resourceVersion: this.#resourceVersion };
    this.#publish(
      collection,
      previous === undefined
        ? { type: "ADDED", ...event }
        : { type: "MODIFIED", previous, ...event },
    );
    return stored;
  }

  /** Forgets an object; returns its last state, numbered with the removal as watchers see it. */
  remove(collection: string, key: string): KubeObject | undefined {
    const { objects } = this.#collection(collection);
    const previous = objects.get(key);
    if (previous === undefined) return undefined;
    objects.delete(key);
    const object = this.#stamp(previous);
    const resourceVersion = this.#resourceVersion;
    this.#publish(collection, { type: "DELETED", object, previous, resourceVersion });
    return object;
  }

  /** Every object by its key, in the order of the keys. */
  entries(collection: string): readonly (readonly [string, KubeObject])[] {
    return inKeyOrder(this.#collection(collection).objects);
  }

  /** The collection as it was at an earlier resourceVersion; undefined when that is forgotten. */
  entriesAt(
    collection: string,
    resourceVersion: number,
  ): readonly (readonly [string, KubeObject])[] | undefined {
    const { objects, history } = this.#collection(collection);
    const later = history.since(resourceVersion);
    if (later === undefined) return undefined;
    const past = new Map(objects);
    for (const { object, previous } of later.toReversed()) {
      const key = keyOf(object);
      if (previous === undefined) past.delete(key);
      else past.set(key, previous);
    }
    return inKeyOrder(past);
  }

  /** What happened after `resourceVersion`; undefined when some of it is forgotten. */
  since(collection: string, resourceVersion: number): readonly StoreEvent[] | undefined {
    return this.#collection(collection).history.since(resourceVersion);
  }

  /** The oldest resourceVersion that a watch of this collection can still start from. */
  oldestVersion(collection: string): number {
    return this.#collection(collection).history.oldest;
  }

  /** Returns the function that ends the subscription. */
  subscribe(collection: string, listener: StoreListener): () => void {
    const { listeners } = this.#collection(collection);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #stamp(object: KubeObject): KubeObject {
    this.#resourceVersion += 1;
    const resourceVersion = String(this.#resourceVersion);
    return { ...object, metadata: { ...object.metadata, resourceVersion } };
  }

  #publish(collection: string, event: StoreEvent): void {
    const { history, listeners } = this.#collection(collection);
    history.append(event);
    for (const listener of [...listeners]) listener(event);
  }

  #collection(name: string): Collection {
    const known = this.#collections.get(name);
    if (known !== undefined) return known;
    const created: Collection = {
      objects: new Map(),
      history: new EventHistory(this.#historyCapacity),
      listeners: new Set(),
    };
    this.#collections.set(name, created);
    return created;
  }
}

/** `<namespace>/<name>`, or the name alone for an object outside namespaces. */
export function keyOf({ metadata }: KubeObject): string {
  return storeKey(metadata.namespace, metadata.name);
}

/** The key of an object that may not exist. */
export function storeKey(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

function inKeyOrder(
  objects: ReadonlyMap<string, KubeObject>,
): readonly (readonly [string, KubeObject])[] {
  return [...objects].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}
