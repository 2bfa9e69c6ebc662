import type { Termination } from "./termination.ts";

/**
 * Tells the leavings of one pod apart. A container that a signal ended is started again in the same pod, and
 * one comes back with its node: both may leave once more.
 */
export class Leavings {
  readonly #byPod: ReadonlyMap<string, readonly Termination[]>;

  /** `terminations` in the order of T0. */
  constructor(terminations: readonly Termination[]) {
    this.#byPod = Map.groupBy(terminations, ({ uid }) => uid);
  }

  /** The leaving that a request of that moment belongs to: the first that was not over. */
  at(uid: string, atMs: number): Termination | undefined {
    return this.#byPod
      .get(uid)
      ?.find((leaving, place, all) => atMs <= overAtMs(leaving, place === all.length - 1));
  }
}

/** What reaches a pod after its last end is still about that; unless somebody is there again. */
function overAtMs({ comesBack, exitedAtMs, goneAtMs }: Termination, isLast: boolean): number {
  if (isLast && comesBack !== true) return Number.POSITIVE_INFINITY;
  return exitedAtMs ?? goneAtMs ?? Number.POSITIVE_INFINITY;
}
