import type { History } from "#domain/history.ts";
import { poolHistories } from "#domain/pool-histories.ts";
import { isDataDamaged } from "./find-excuse.ts";
import { findLeaks } from "./find-leaks.ts";
import { gatherFacts } from "./run-facts.ts";

/** A pool as it can be judged. */
export interface SoundPool {
  readonly history: History;
  /** The repetitions in it where all ran on a starved machine; else none. */
  readonly starved: readonly History[];
}

/**
 * Leaves out of a pool every repetition whose machine was starved, whether it kept its promises or not:
 * to leave out those alone that broke one would be to repeat until it is green. What no machine
 * explains (damaged data, leaks) was seen and stays. Where nothing else is there, all of them stay.
 */
export function withoutStarved(history: History): SoundPool {
  const { repetitions = [], header } = history;
  const whole = { history, starved: [] };
  if (header.pool === undefined || header.environment.sharesMachine !== true) return whole;
  const reasons = new Map(repetitions.map((one) => [one, whyLeftOut(one)]));
  if ([...reasons.values()].every((reason) => reason === undefined)) return whole;
  const pool = poolHistories(repetitions, header.pool.planned, (one) => reasons.get(one));
  const numbers = new Set(pool.header.pool?.runs.map(({ number }) => number));
  const placed = repetitions.filter((_, index) => numbers.has(index + 1));
  const isStarved = placed.every((one) => reasons.get(one) !== undefined);
  return { history: pool, starved: isStarved ? placed : [] };
}

function whyLeftOut(one: History): string | undefined {
  const facts = gatherFacts(one);
  if (facts.starvation === undefined || isDataDamaged(facts)) return undefined;
  return findLeaks(facts)?.leaks.length ? undefined : facts.starvation.summary;
}
