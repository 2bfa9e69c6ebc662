import type { Clock } from "#ports/clock.ts";

/** Where the run's zero lies on another clock, and how far off that may be in either direction. */
export interface Alignment {
  readonly zeroMs: number;
  readonly boundMs: number;
}

/** Of so many questions the fastest answer counts: the others were kept waiting on one of the two ways. */
const QUESTIONS = 16;

/**
 * Asks another clock for its time, as NTP does. It was read somewhere between our question and its answer,
 * so half of that time bounds the error, however unequal the two ways are.
 */
export async function alignClock(
  readOther: () => Promise<number>,
  clock: Pick<Clock, "nowMs">,
): Promise<Alignment> {
  let best: Alignment = { zeroMs: 0, boundMs: Number.POSITIVE_INFINITY };
  for (let question = 0; question < QUESTIONS; question++) {
    const askedAtMs = clock.nowMs();
    const otherMs = await readOther();
    const answeredAtMs = clock.nowMs();
    const boundMs = (answeredAtMs - askedAtMs) / 2;
    if (boundMs < best.boundMs)
      best = { zeroMs: otherMs - (askedAtMs + answeredAtMs) / 2, boundMs };
  }
  return best;
}

/**
 * How far off a clock may have been at any moment between two alignments, when the first was used all the
 * time: two crystals drift evenly, so the worst is at one of the ends.
 */
export function boundBetween(first: Alignment, last: Alignment): number {
  return Math.max(first.boundMs, Math.abs(last.zeroMs - first.zeroMs) + last.boundMs);
}
