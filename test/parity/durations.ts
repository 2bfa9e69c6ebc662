import type { Difference } from "./difference.ts";
import type { PodState } from "./pod-state.ts";
import type { PodStory } from "./pod-story.ts";
import type { Timed } from "./timed.ts";

/**
 * How much later or sooner than in the golden trace a stage may end. The kubelet of a real cluster looks at
 * its containers once a second, so two recordings of one stage differ by up to that.
 */
const TOLERANCE_MS = 1_200;

/** Of a long stage a share is allowed, since two clocks' seconds add up. */
const TOLERANCE_RATIO = 0.1;

/**
 * Compares how long the stages of two lives took that passed through the same states: from the request to
 * delete to the first stop of a container, to the end of all, to the end of the object; and how long a
 * container ran that ended by itself. How long a pod takes to start is the machine's, not Kubernetes'.
 */
export function compareDurations(
  where: string,
  expected: PodStory,
  seen: PodStory,
): readonly Difference[] {
  const [wanted, found] = [stagesOf(expected), stagesOf(seen)];
  return [...wanted].flatMap(([stage, expectedMs]) => {
    const seenMs = found.get(stage);
    if (seenMs === undefined) return [];
    const allowedMs = Math.max(TOLERANCE_MS, expectedMs * TOLERANCE_RATIO);
    if (Math.abs(seenMs - expectedMs) <= allowedMs) return [];
    return [
      {
        where: `${where}: ${stage}`,
        expected: `${Math.round(expectedMs)} ms, give or take ${Math.round(allowedMs)} ms`,
        seen: `${Math.round(seenMs)} ms`,
      },
    ];
  });
}

function stagesOf(story: PodStory): ReadonlyMap<string, number> {
  const { states, occurrences } = story;
  const since = (matches: (state: PodState) => boolean) =>
    states.find(({ value }) => matches(value))?.atMs;
  const deletedMs = since((state) => state.get("deletion") !== "none");
  if (deletedMs === undefined) return stagesOfStaying(story);
  const endedMs = since((state) => /^(Succeeded|Failed)/.test(state.get("phase") ?? ""));
  const goneMs = since((state) => state.get("exists") === "no");
  const stop = occurrences.find(({ reason, atMs }) => reason === "Killing" && atMs >= 0);
  return between([
    ["from the deletion to the first stop", deletedMs, stop?.atMs],
    ["from the deletion to the end of the containers", deletedMs, endedMs],
    ["from the end of the containers to the end of the object", endedMs, goneMs],
  ]);
}

/**
 * Of a pod that nobody deletes: a container's own run; and, where it had been running before the action,
 * from the first sign of trouble to what came of it, and from the action to the recovery. An end that a
 * container came to by itself began before the recording, and a restart ends with a start.
 */
function stagesOfStaying({ states, occurrences }: PodStory): ReadonlyMap<string, number> {
  const phase = ({ value }: Timed<PodState>) => value.get("phase") ?? "";
  const ended = states.findIndex(({ value }) =>
    containers(value).some((text) => text.startsWith("terminated with")),
  );
  const started = states.find((state) => phase(state) === "Running");
  const isOld = states[0]?.atMs === -1;
  const trouble = occurrences.find(({ atMs }) => atMs >= 0);
  const changes = isOld ? states.slice(1, ended === -1 ? undefined : ended) : [];
  return between([
    ["from the start of the containers to an end", started?.atMs, states[ended]?.atMs],
    ...changes.flatMap(({ atMs, value }, index): readonly Stage[] => {
      const stage = `state ${index + 2}`;
      if (value.get("Ready") !== "True") {
        return [[`from the first event to ${stage}`, trouble?.atMs ?? 0, atMs]];
      }
      return containers(value).some((text) => text.includes("restarted"))
        ? []
        : [[`from the action to ${stage}`, 0, atMs]];
    }),
  ]);
}

function containers(state: PodState): readonly string[] {
  return [...state].flatMap(([facet, text]) => (facet.startsWith("container ") ? [text] : []));
}

type Stage = readonly [name: string, fromMs: number | undefined, toMs: number | undefined];

/**
 * Stages that began or ended before the recording have no length in it; nor has one that ended before it
 * began, as that of a pod which is deleted when it has long ended by itself.
 */
function between(stages: readonly Stage[]): ReadonlyMap<string, number> {
  return new Map(
    stages.flatMap(([name, fromMs = -1, toMs = -1]) =>
      fromMs < 0 || toMs < fromMs ? [] : [[name, toMs - fromMs] as const],
    ),
  );
}
