import { isDeepStrictEqual } from "node:util";
import type { Observation } from "#domain/observation.ts";
import { align, type Step } from "./align.ts";
import { GONE, noteObservation, type State, type Track } from "./truth.ts";

export type Gap = Extract<Observation, { type: "watch-gap" }>;

interface Comparison {
  readonly truth: Track;
  readonly observations: readonly Observation[];
  /** What may be told this late without a gap. */
  readonly toleranceMs: number;
}

/**
 * Every difference between what was reported and what happened that no gap accounts for, and whatever was
 * reported twice or was never true.
 */
export function compareWithTruth({
  truth,
  observations,
  toleranceMs,
}: Comparison): readonly string[] {
  const gaps = observations.filter((each) => each.type === "watch-gap");
  const told: Track = new Map();
  for (const observation of observations) noteObservation(told, observation);
  const excuses = (id: string, { atMs }: State) =>
    gaps.some(
      (gap) =>
        id.startsWith(gap.resource) &&
        atMs >= gap.atMs - toleranceMs / 4 &&
        atMs <= gap.untilMs + toleranceMs / 4,
    );
  const isWrong = (id: string, { type, state, lateMs }: Step) =>
    type === "invented" ||
    ((type === "missed" || Math.abs(lateMs) > toleranceMs) && !excuses(id, state));
  const ids = new Set([...truth.keys(), ...told.keys()]);
  return [
    ...[...ids].flatMap((id) => {
      const [happened, heard] = [truth.get(id) ?? [], told.get(id) ?? []];
      const cost = (step: Step) => (isWrong(id, step) ? WEIGHT[step.type] : 0);
      return align({ truth: happened, told: heard, cost })
        .filter((step) => isWrong(id, step))
        .map((step) => `${id}: ${describeStep(step)}`);
    }),
    ...toldTwice(observations),
  ];
}

/** To say that something was invented is the last resort. */
const WEIGHT: Readonly<Record<Step["type"], number>> = { told: 1, missed: 1, invented: 1_000 };

function describeStep({ type, state, lateMs }: Step): string {
  const at = `at ${state.atMs.toFixed(0)}`;
  if (type === "told") return `told ${lateMs.toFixed(0)} ms late ${at}`;
  return type === "missed" ? `missed ${at}` : `told what never happened, or again, ${at}`;
}

/** Added once, deleted once and nothing after it, and the last known state is one that it had. */
function toldTwice(observations: readonly Observation[]): readonly string[] {
  const pods = Map.groupBy(
    observations.filter((each) => each.type === "pod"),
    ({ pod }) => pod.uid,
  );
  return [...pods].flatMap(([uid, sightings]) => {
    const changes = sightings.map(({ change }) => change);
    const middle = changes.slice(1, changes.at(-1) === "deleted" ? -1 : undefined);
    const inOrder = changes[0] === "added" && middle.every((change) => change === "modified");
    return inOrder ? [] : [`pods/${uid}: told as ${changes.join(", ")}`];
  });
}

/** Whether the client knows now what is true now. */
export function isUpToDate(truth: Track, observations: readonly Observation[]): boolean {
  const told: Track = new Map();
  for (const observation of observations) noteObservation(told, observation);
  return [...truth].every(([id, states]) => {
    const [last, known] = [states.at(-1)?.state, told.get(id)?.at(-1)?.state];
    return known === undefined ? last === GONE : isDeepStrictEqual(last, known);
  });
}
