import { readMemoryBytes } from "./container-usage.ts";

/** Between two looks. The kernel of a real node needs no looking. */
const LOOK_EVERY_MS = 100;

/** Looking at very many containers must not keep the machine busy: it rests so many times as long. */
const REST_FACTOR = 20;

interface Watched {
  readonly pid: number;
  readonly limitBytes: number;
  readonly onExceeded: () => void;
}

/**
 * Holds containers to their memory limits, as the kernel does on a real node with the container's cgroup.
 * Not every machine gives us cgroups to write, so the memory is read: what grows past its limit and
 * back, or ends, between two looks goes unseen. Without /proc nothing is held to anything.
 */
export class MemoryWatch {
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;

  /** Calls back once, when the container is over its limit; returns how to stop that. */
  watch(watched: Watched): () => void {
    this.#watched.add(watched);
    this.#timer ??= setTimeout(() => this.#look(), LOOK_EVERY_MS);
    return () => this.#forget(watched);
  }

  #look(): void {
    const startedAtMs = performance.now();
    for (const watched of this.#watched) {
      if (readMemoryBytes(watched.pid) <= watched.limitBytes) continue;
      this.#watched.delete(watched);
      watched.onExceeded();
    }
    const restMs = REST_FACTOR * (performance.now() - startedAtMs);
    this.#timer = setTimeout(() => this.#look(), Math.max(LOOK_EVERY_MS, restMs));
    this.#restWhenIdle();
  }

  #forget(watched: Watched): void {
    this.#watched.delete(watched);
    this.#restWhenIdle();
  }

  #restWhenIdle(): void {
    if (this.#watched.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
