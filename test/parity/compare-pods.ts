import { isChanceOfPod } from "./chance-events.ts";
import { compareOccurrences } from "./compare-occurrences.ts";
import { type Difference, differInOrder } from "./difference.ts";
import { compareDurations } from "./durations.ts";
import { pairByRole } from "./pair-by-role.ts";
import { describePodState, isSamePodState, type Omission, type PodState } from "./pod-state.ts";
import type { PodStory } from "./pod-story.ts";
import type { Timed } from "./timed.ts";

/** Each pod's whole life against that of its closest counterpart of the same role. */
export function comparePods(
  expected: readonly PodStory[],
  seen: readonly PodStory[],
): readonly Difference[] {
  return [...pairByRole(expected, seen, compareStory), ...compareOmissions(expected, seen)];
}

function compareStory(expected: PodStory, seen: PodStory): readonly Difference[] {
  const where = `${expected.role} (golden ${expected.name}, seen ${seen.name})`;
  const states = compareStates(where, expected.states, seen.states);
  const isChance: Parameters<typeof compareOccurrences>[2]["isChance"] = (occurrence, trace) =>
    isChanceOfPod(occurrence, trace === "expected" ? expected : seen);
  return [
    ...states,
    // The stages of two lives can be measured against each other only where they are the same.
    ...(states.length === 0 ? compareDurations(where, expected, seen) : []),
    ...compareOccurrences(expected.occurrences, seen.occurrences, { where, isChance }),
    ...compareTracks(`${where}: endpoint`, expected.endpoints, seen.endpoints),
    ...compareTracks(`${where}: old Endpoints`, expected.legacyEndpoints, seen.legacyEndpoints),
  ];
}

function compareStates(
  where: string,
  expected: readonly Timed<PodState>[],
  seen: readonly Timed<PodState>[],
): readonly Difference[] {
  const length = Math.max(expected.length, seen.length);
  for (let index = 0; index < length; index++) {
    const [wanted, found] = [expected[index], seen[index]];
    if (wanted && found && isSamePodState(wanted.value, found.value)) continue;
    return [
      {
        where: `${where}: state ${index + 1} of ${expected.length}`,
        expected: describe(wanted, found, expected[index - 1]),
        seen: describe(found, wanted, seen[index - 1]),
      },
    ];
  }
  return [];
}

/** Only what tells the state from the other recording's, or from the one before it where there is no other. */
function describe(
  state: Timed<PodState> | undefined,
  other: Timed<PodState> | undefined,
  before: Timed<PodState> | undefined,
): string {
  if (state === undefined) return "(no further state)";
  const words = describePodState(state.value, (other ?? before)?.value);
  return `${words || "(only less than the other)"} at ${state.atMs} ms`;
}

function compareTracks(
  where: string,
  expected: ReadonlyMap<string, readonly string[]>,
  seen: ReadonlyMap<string, readonly string[]>,
): readonly Difference[] {
  return [...new Set([...expected.keys(), ...seen.keys()])].flatMap((service) =>
    differInOrder(`${where} of ${service}`, expected.get(service) ?? [], seen.get(service) ?? []),
  );
}

/**
 * A kubelet may leave a state out now and then; one that never shows it behaves differently. With
 * fewer than three pods in the golden trace, chance explains it.
 */
function compareOmissions(
  expected: readonly PodStory[],
  seen: readonly PodStory[],
): readonly Difference[] {
  const kinds: readonly Omission[] = [
    "the generation observed",
    "the first report of a starting pod",
  ];
  return kinds.flatMap((kind) => {
    const pods = (stories: readonly PodStory[]) =>
      stories.filter(({ omissible }) => omissible.includes(kind)).length;
    const [wanted, found] = [pods(expected), pods(seen)];
    return wanted >= 3 && found === 0
      ? [{ where: `All pods: ${kind}`, expected: `shown by ${wanted} pods`, seen: "shown by none" }]
      : [];
  });
}
