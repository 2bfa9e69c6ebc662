import type { KubeObject } from "#embedded/api/objects.ts";

/** One write, as the store remembers it: `previous` lets a selector see an object leave. */
export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
  readonly previous?: KubeObject;
  readonly resourceVersion: number;
}

/**
 * The latest writes of one resource, oldest first. It is bounded, so a watcher that comes back too late
 * is told so (410) instead of silently missing what was dropped.
 */
export class EventHistory {
  readonly #capacity: number;
  #events: StoreEvent[] = [];
  #droppedUpTo = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  append(event: StoreEvent): void {
    this.#events.push(event);
    // Trimming a quarter at a time keeps an append cheap.
    if (this.#events.length < this.#capacity * 1.25) return;
    const dropped = this.#events.splice(0, this.#events.length - this.#capacity);
    this.#droppedUpTo = dropped.at(-1)?.resourceVersion ?? this.#droppedUpTo;
  }

  /** The oldest resourceVersion whose successors are all still known. */
  get oldest(): number {
    return this.#droppedUpTo;
  }

  /** What was written after `resourceVersion`; undefined when some of that is already forgotten. */
  since(resourceVersion: number): readonly StoreEvent[] | undefined {
    if (resourceVersion < this.#droppedUpTo) return undefined;
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const event = this.#events[middle];
      if (event !== undefined && event.resourceVersion <= resourceVersion) low = middle + 1;
      else high = middle;
    }
    return this.#events.slice(low);
  }
}
