/** A span in which a watch saw nothing, or saw it late. */
export interface Gap {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly reason: string;
}

/** When and why a watch stopped seeing. */
export interface Loss {
  readonly atMs: number;
  readonly reason: string;
  readonly missed: boolean;
}

/**
 * A watch that goes on from the version it had is told everything, only later: below this, nobody can
 * tell the delay from an ordinary one, so it is no gap.
 */
const RESUMED_UNNOTICED_MS = 100;

/** Whether a watch can see, and since when it could not. */
export class Sight {
  #lost: Loss | undefined;

  /** `missed` says that changes may be lost for good, not only late; the earliest instant counts. */
  lose({ atMs, reason, missed }: Loss): void {
    const before = this.#lost;
    const graver = before === undefined || (missed && !before.missed);
    this.#lost = {
      atMs: Math.min(before?.atMs ?? atMs, atMs),
      reason: graver ? reason : before.reason,
      missed: missed || (before?.missed ?? false),
    };
  }

  /** The gap that ends now; undefined when nothing was missed and the delay was too short to matter. */
  regain(atMs: number): Gap | undefined {
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost === undefined) return undefined;
    if (!lost.missed && atMs - lost.atMs <= RESUMED_UNNOTICED_MS) return undefined;
    return { fromMs: lost.atMs, untilMs: atMs, reason: lost.reason };
  }
}
