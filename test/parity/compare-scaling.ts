import { compareOccurrences } from "./compare-occurrences.ts";
import { type Difference, differInOrder } from "./difference.ts";
import type { Occurrence } from "./events.ts";
import { compareTurns } from "./turning-points.ts";

const SCALED = /^Scaled (?:up|down) replica set (.+) from (\d+) to (\d+)$/;

/**
 * The events of a Deployment. Of `ScalingReplicaSet` the steps may differ, since a controller that sees two
 * pods ready at once takes two steps in one; but each ReplicaSet must be scaled from where the step before
 * it left it, and turn where the golden one turns.
 */
export function compareScaling(
  where: string,
  expected: readonly Occurrence[],
  seen: readonly Occurrence[],
): readonly Difference[] {
  const [wanted, found] = [steps(expected), steps(seen)];
  const sets = [...new Set([...wanted.keys(), ...found.keys()])];
  const others = (occurrences: readonly Occurrence[]) =>
    occurrences.filter(({ message }) => !SCALED.test(message));
  return [
    ...compareOccurrences(others(expected), others(seen), { where, isChance: () => false }),
    ...differInOrder(`${where}: scaled`, [...wanted.keys()], [...found.keys()]),
    ...sets.flatMap((set) => {
      const [golden, other] = [wanted.get(set) ?? [], found.get(set) ?? []];
      return [
        ...compareTurns(`${where}: events that scale ${set}`, replicas(golden), replicas(other)),
        ...gapIn(`${where}: events that scale ${set}`, other),
      ];
    }),
  ];
}

interface Step {
  readonly from: number;
  readonly to: number;
}

/** The steps of each ReplicaSet; those from before the action are told in no particular order. */
function steps(occurrences: readonly Occurrence[]): ReadonlyMap<string, readonly Step[]> {
  const found = new Map<string, Step[]>();
  for (const { message } of occurrences) {
    const [, set, from, to] = SCALED.exec(message) ?? [];
    if (set === undefined) continue;
    const known = found.get(set) ?? [];
    found.set(set, known);
    known.push({ from: Number(from), to: Number(to) });
  }
  return found;
}

function replicas(known: readonly Step[]): readonly number[] {
  return known.flatMap(({ from, to }) => [from, to]);
}

function gapIn(where: string, known: readonly Step[]): readonly Difference[] {
  return known.flatMap(({ from }, index) => {
    const before = known[index - 1];
    return before === undefined || before.to === from
      ? []
      : [{ where, expected: `a step from ${before.to}`, seen: `a step from ${from}` }];
  });
}
