import { type Difference, differInOrder } from "./difference.ts";
import { describeOccurrence, type Occurrence } from "./events.ts";

/** How the occurrences about one object are compared. */
export interface OccurrenceRules {
  readonly where: string;
  /** Occurrences that two recordings of the same behaviour need not share; they are left out of both. */
  readonly isChance: (occurrence: Occurrence, trace: "expected" | "seen") => boolean;
}

/**
 * Per container, for their threads are unordered: what was there before as a set, what came during the
 * action in its order, and how often each occurred.
 */
export function compareOccurrences(
  expected: readonly Occurrence[],
  seen: readonly Occurrence[],
  { where, isChance }: OccurrenceRules,
): readonly Difference[] {
  const kept = {
    expected: expected.filter((occurrence) => !isChance(occurrence, "expected")),
    seen: seen.filter((occurrence) => !isChance(occurrence, "seen")),
  };
  const containers = new Set([...kept.expected, ...kept.seen].map(({ fieldPath }) => fieldPath));
  return [...containers].flatMap((container) => {
    const of = (occurrences: readonly Occurrence[]) =>
      occurrences.filter(({ fieldPath }) => fieldPath === container);
    return compareOneThread(of(kept.expected), of(kept.seen), where);
  });
}

function compareOneThread(
  expected: readonly Occurrence[],
  seen: readonly Occurrence[],
  where: string,
): readonly Difference[] {
  const before = ({ atMs }: Occurrence) => atMs < 0;
  const during = ({ atMs }: Occurrence) => atMs >= 0;
  const order = [
    ...differInOrder(
      `${where}: events from before`,
      firstOnes(expected.filter(before)).toSorted(),
      firstOnes(seen.filter(before)).toSorted(),
    ),
    ...differInOrder(
      `${where}: events`,
      firstOnes(expected.filter(during)),
      firstOnes(seen.filter(during)),
    ),
  ];
  return order.length > 0 ? order : compareCounts(expected, seen, where);
}

function compareCounts(
  expected: readonly Occurrence[],
  seen: readonly Occurrence[],
  where: string,
): readonly Difference[] {
  const wanted = Map.groupBy(expected, describeOccurrence);
  const found = Map.groupBy(seen, describeOccurrence);
  return [...wanted].flatMap(([event, occurrences]) => {
    const [sample] = occurrences;
    // Told with each change of a pod, so how often depends on when the budgets came.
    if (sample?.reason === "MultiplePodDisruptionBudgets") return [];
    const [times, seenTimes] = [occurrences.length, found.get(event)?.length ?? 0];
    const allowed = sample !== undefined && isRepeatedByChance(sample) ? tolerance(times) : 0;
    if (Math.abs(times - seenTimes) <= allowed) return [];
    return [{ where: `${where}: times of ${event}`, expected: `${times}`, seen: `${seenTimes}` }];
  });
}

/** A warning is repeated for as long as its cause lasts; a StatefulSet deletes again on a stale cache. */
function isRepeatedByChance({ type, component }: Occurrence): boolean {
  return type === "Warning" || component === "statefulset-controller";
}

function tolerance(times: number): number {
  return Math.max(1, Math.round(times / 4));
}

/** Each event where it occurred for the first time. */
function firstOnes(occurrences: readonly Occurrence[]): readonly string[] {
  return [...new Set(occurrences.map(describeOccurrence))];
}
