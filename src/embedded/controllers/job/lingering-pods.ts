import type { Pod } from "#embedded/api/objects.ts";
import { isTerminating } from "#embedded/controllers/pods/pod-state.ts";

/** What a Job hears of its pods reaches it with a delay, so a pod that ends sooner was never terminating. */
const LINGER_MS = 3_000;

/** Remembers since when each pod has been terminating, since the API only tells when it will have to end. */
export class LingeringPods {
  readonly #sinceMs = new Map<string, number>();
  readonly #lingering = new Set<string>();

  /** Looks at the pods of one Job; returns when the next of them stops to linger. */
  observe(pods: readonly Pod[], nowMs: number): number | undefined {
    const waits: number[] = [];
    for (const pod of pods) {
      const { uid } = pod.metadata;
      if (!isTerminating(pod)) {
        this.#sinceMs.delete(uid);
        this.#lingering.delete(uid);
        continue;
      }
      const sinceMs = this.#sinceMs.get(uid) ?? nowMs;
      this.#sinceMs.set(uid, sinceMs);
      const leftMs = sinceMs + LINGER_MS - nowMs;
      if (leftMs > 0) {
        this.#lingering.add(uid);
        waits.push(leftMs);
      } else {
        this.#lingering.delete(uid);
      }
    }
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  isLingering({ metadata }: Pod): boolean {
    return this.#lingering.has(metadata.uid);
  }
}
