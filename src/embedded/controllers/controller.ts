import type { ApiClient, Resource } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import type { RecordEvent } from "./events/event-sink.ts";
import type { Change } from "./machinery/informer.ts";
import type { Informers } from "./machinery/informers.ts";
import type { Requeue } from "./machinery/work-queue.ts";

/** All that a controller may touch: it reads caches and the clock, and acts on the API. */
export interface Cluster {
  readonly api: ApiClient;
  readonly caches: Informers;
  readonly record: RecordEvent;
  readonly nowMs: () => number;
}

/**
 * Brings one object closer to its spec, from nothing but its key. It must be right whatever happened since
 * the last time, so it looks at the state and never at an event.
 */
export type Reconcile = (key: string, cluster: Cluster) => Promise<Requeue | undefined>;

/** Which keys are to be reconciled when an object of `resource` has changed. */
export interface Watch {
  readonly resource: Resource;
  readonly keysOf: (object: KubeObject, cluster: Cluster) => readonly string[];
  /** How long further changes are waited for, so that they are one piece of work; undefined: it is none. */
  readonly batchMs: (change: Change<KubeObject>) => number | undefined;
}

/** One reconcile loop: what it watches, and what it does about a key. */
export interface Controller {
  /** As in an Event's `source.component`. */
  readonly name: string;
  readonly workers: number;
  /** How soon failed work is tried again the first time; at once, if not said. */
  readonly firstRetryMs?: number;
  readonly watches: readonly Watch[];
  /** Resources it reads without being woken by them. */
  readonly reads?: readonly Resource[];
  /** Sees every change of every resource that is served, custom ones included; returns keys. */
  readonly watchEverything?: (change: Change<KubeObject>, resource: Resource) => readonly string[];
  readonly reconcile: Reconcile;
}

/** Typed, because a list of watches holds objects of every kind. */
export function watch<T extends KubeObject>(
  resource: Resource,
  keysOf: (object: T, cluster: Cluster) => readonly string[],
  batchMs: Watch["batchMs"] = () => 0,
): Watch {
  return { resource, keysOf: (object, cluster) => keysOf(object as T, cluster), batchMs };
}

/** `<namespace>/<name>`, also for what has no namespace. */
export function keyOf({ metadata }: KubeObject): string {
  return keyFrom(metadata.namespace, metadata.name);
}

/** The key of an object that is known by its name alone. */
export function keyFrom(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

/** The opposite of `keyFrom`; the namespace is empty for what has none. */
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
