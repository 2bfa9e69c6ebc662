import type { Resource } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import type { Change } from "#embedded/controllers/machinery/informer.ts";

/** An object, and where it is found. */
export interface GraphNode {
  readonly resource: Resource;
  readonly object: KubeObject;
}

/** The finalizer of an owner that waits until its dependents are gone. */
export const FOREGROUND = "foregroundDeletion";
/** The finalizer of an owner whose dependents are let go first. */
export const ORPHAN = "orphan";

/** Who owns whom, over all resources, as the watches have told it so far. */
export class OwnerGraph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #dependents = new Map<string, Set<string>>();

  /** Takes a change in; returns the uids of the objects that have to be looked at because of it. */
  observe({ type, object }: Change<KubeObject>, resource: Resource): readonly string[] {
    const { uid } = object.metadata;
    // What a cache calls previous may be the object itself, told to it by its writer before the event.
    const before = this.#nodes.get(uid)?.object;
    for (const owner of ownersOf(before ?? object)) this.#dependents.get(owner)?.delete(uid);
    if (type === "DELETED") {
      this.#nodes.delete(uid);
      const dependents = [...(this.#dependents.get(uid) ?? [])];
      this.#dependents.delete(uid);
      // An owner that waits for its dependents may be waiting for this one.
      return [...dependents, ...ownersOf(object).filter((owner) => this.#isWaiting(owner))];
    }
    this.#nodes.set(uid, { resource, object });
    for (const owner of ownersOf(object)) {
      const dependents = this.#dependents.get(owner) ?? new Set<string>();
      this.#dependents.set(owner, dependents.add(uid));
    }
    const orphaned = ownersOf(object).some(
      (owner) => !this.#nodes.has(owner) || this.#isWaiting(owner),
    );
    const released = before === undefined ? [] : noLongerBlocked(before, object);
    return [
      ...(orphaned || this.#isWaiting(uid) ? [uid] : []),
      ...released.filter((owner) => this.#isWaiting(owner)),
    ];
  }

  find(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  dependentsOf(uid: string): readonly GraphNode[] {
    return [...(this.#dependents.get(uid) ?? [])]
      .map((dependent) => this.#nodes.get(dependent))
      .filter((node) => node !== undefined);
  }

  #isWaiting(uid: string): boolean {
    const object = this.#nodes.get(uid)?.object;
    return object !== undefined && (isDeleting(object, FOREGROUND) || isDeleting(object, ORPHAN));
  }
}

/** Under deletion, and kept by a finalizer that is the garbage collector's to remove. */
export function isDeleting({ metadata }: KubeObject, finalizer: string): boolean {
  return (
    metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(finalizer)
  );
}

function ownersOf({ metadata }: KubeObject): readonly string[] {
  return (metadata.ownerReferences ?? []).map(({ uid }) => uid);
}

/** The owners whose deletion the object kept waiting before, and does not any more. */
function noLongerBlocked(before: KubeObject, now: KubeObject): readonly string[] {
  const blocked = ({ metadata }: KubeObject) =>
    (metadata.ownerReferences ?? [])
      .filter(({ blockOwnerDeletion }) => blockOwnerDeletion === true)
      .map(({ uid }) => uid);
  const still = blocked(now);
  return blocked(before).filter((owner) => !still.includes(owner));
}
