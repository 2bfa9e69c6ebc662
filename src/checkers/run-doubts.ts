import { changesRevision, endsPodsInOrder } from "#domain/disruption-effects.ts";
import { overlapsAny } from "#domain/exposure-windows.ts";
import type { StreamAccount } from "#domain/history.ts";
import type { Observation } from "#domain/observation.ts";
import { voidReasons } from "#domain/void-reasons.ts";
import type { InFlightAtSigterm } from "./in-flight-at-sigterm.ts";
import { missingEffects } from "./missing-effects.ts";
import type { RunFacts, RunPart } from "./run-facts.ts";

/** What weakens a run as a whole. A void run proves nothing, not even a failure. */
export interface RunDoubts {
  readonly doubts: readonly string[];
  readonly voids: readonly string[];
}

/**
 * Asks whether the question was asked at all: did something terminate, under load, with requests in
 * flight, seen without gaps?
 */
export function findRunDoubts(
  facts: RunFacts,
  inFlight: Pick<InFlightAtSigterm, "met" | "named" | "nameless">,
): RunDoubts {
  const { closing } = facts.history;
  return {
    voids: voidReasons(closing),
    doubts: [
      ...(facts.terminations.length === 0
        ? ["No pod terminated, so nothing was put to the test."]
        : []),
      ...unchangedRevision(facts),
      ...missingEffects(facts),
      ...nothingInFlight(facts, inFlight),
      ...closing.streams.flatMap(generatorDoubts),
      ...watchGaps(facts),
    ],
  };
}

function generatorDoubts({ stream, scheduled, undelivered }: StreamAccount): readonly string[] {
  const doubts: string[] = [];
  if (scheduled === 0) doubts.push(`The stream ${stream} offered no request.`);
  if (undelivered > 0) {
    doubts.push(`${undelivered} of ${scheduled} requests of ${stream} could not be sent in time.`);
  }
  return doubts;
}

function unchangedRevision(facts: RunFacts): readonly string[] {
  const updates = facts.history.header.disruptions.some(changesRevision);
  if (!updates) return [];
  const unchanged = facts.parts.some(
    (part) => part.terminations.length > 0 && !hasNewRevision(facts, part),
  );
  return unchanged ? ["The rolling update did not change the revision of any pod."] : [];
}

/** Pods of the new revision may leave as well, so the old ones are those of before the change. */
function hasNewRevision({ history }: RunFacts, { span, terminations }: RunPart): boolean {
  const own = history.observations.filter(
    ({ atMs }) => atMs >= span.fromMs && atMs <= span.untilMs,
  );
  const patched = own.find((each) => each.type === "action" && each.verb === "patch");
  const changedAtMs = patched?.atMs ?? terminations[0]?.deletionRequestedAtMs;
  if (changedAtMs === undefined) return false;
  const pods = own.filter((each) => each.type === "pod");
  const before = pods.filter(({ atMs }) => atMs < changedAtMs);
  const old = new Set(before.map(({ pod }) => pod.revision));
  return (
    before.length > 0 && pods.some(({ atMs, pod }) => atMs >= changedAtMs && !old.has(pod.revision))
  );
}

/** A server that is idle when SIGTERM comes has nothing to finish, and so nothing to get wrong. */
function nothingInFlight(
  { history, terminations }: RunFacts,
  { met, named, nameless }: Pick<InFlightAtSigterm, "met" | "named" | "nameless">,
): readonly string[] {
  const asked = history.header.disruptions.some(endsPodsInOrder);
  if (!asked || terminations.length === 0 || met > 0) return [];
  // Where no pod names itself nobody can tell; requests that were under way then may have been there.
  if (!named && nameless > 0) return [];
  return [
    `No request was in flight at any of ${terminations.length} pods when it got SIGTERM: ` +
      "offer requests that take longer than preStop.",
  ];
}

function watchGaps({ history, parts }: RunFacts): readonly string[] {
  const loads = parts.map(({ load }) => load);
  const gaps = history.observations.filter(
    (each): each is WatchGap =>
      each.type === "watch-gap" && overlapsAny(loads, each.atMs, each.untilMs),
  );
  const longest = gaps.toSorted((a, b) => lengthMs(b) - lengthMs(a))[0];
  if (longest === undefined) return [];
  const seconds = (lengthMs(longest) / 1000).toFixed(1);
  return [
    `The watch of the cluster was blind or late ${gaps.length} time(s) while load was offered, for ` +
      `${seconds} s at the longest (${longest.resource}: ${longest.reason}).`,
  ];
}

type WatchGap = Extract<Observation, { type: "watch-gap" }>;

function lengthMs({ atMs, untilMs }: WatchGap): number {
  return untilMs - atMs;
}
