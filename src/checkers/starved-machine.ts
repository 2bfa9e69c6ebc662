import { mergeSpans, overlapsAny } from "#domain/exposure-windows.ts";
import type { MetricName } from "#domain/metric.ts";
import type { Observation } from "#domain/observation.ts";
import type { Result } from "#domain/report.ts";
import type { RunFacts } from "./run-facts.ts";

/** Others had this much of all processors, and our own programs waited for so much of the time they wanted one. */
const OTHERS_HAD = 0.6;
const OWN_WAITED = 0.6;

/** For so much of the time in which pods were leaving; a moment of it is what every machine has. */
const STARVED_SHARE = 0.25;

/** What a workload loses or keeps is its own doing, however slow the machine. */
const NEVER_EXCUSED: ReadonlySet<MetricName> = new Set(["audit-violations", "leaks"]);

/** Whether a promise that was broken may have been broken by the machine. */
export function isExcusable(metric: MetricName): boolean {
  return !NEVER_EXCUSED.has(metric);
}

type Look = Extract<Observation, { type: "machine" }>;

/** Whether there is a machine to blame at all: what `whyStarved` says when nothing speaks against it. */
export function mayBeStarved(facts: RunFacts): boolean {
  return whyStarved(facts, []) !== undefined;
}

/**
 * Why a failure of this run proves nothing: programs that are none of ours had the machine that the embedded
 * cluster shares with them. Undefined where that was not so, where nobody looked, and on any other cluster.
 *
 * What the pods themselves use counts as our own: a workload that keeps the processors busy excuses nothing.
 * Nor is a failure excused that came while the machine was well.
 */
export function whyStarved(
  { history, exposed }: RunFacts,
  broken: readonly Result[],
): string | undefined {
  if (history.header.environment.sharesMachine !== true) return undefined;
  const looks = history.observations.filter((each): each is Look => {
    if (each.type !== "machine") return false;
    return overlapsAny(exposed, each.atMs - each.forMs, each.atMs);
  });
  const starved = looks.filter(
    ({ others, waited }) => others >= OTHERS_HAD && waited >= OWN_WAITED,
  );
  const lengthOf = (those: readonly Look[]) => those.reduce((sum, { forMs }) => sum + forMs, 0);
  const starvedMs = lengthOf(starved);
  if (starvedMs === 0 || starvedMs < STARVED_SHARE * lengthOf(looks)) return undefined;
  const spans = mergeSpans(
    starved.map(({ atMs, forMs }) => ({ fromMs: atMs - forMs, untilMs: atMs })),
  );
  const failed = broken.flatMap(({ measurement }) => measurement.evidence.exchanges);
  if (failed.some((one) => !overlapsAny(spans, one.sentAtMs, one.endedAtMs))) return undefined;
  const mean = (share: (look: Look) => number) =>
    Math.round(
      (100 * starved.reduce((sum, look) => sum + share(look) * look.forMs, 0)) / starvedMs,
    );
  return (
    `This machine was starved for ${(starvedMs / 1000).toFixed(0)} s while pods were leaving: other programs had ` +
    `${mean(({ others }) => others)} % of its processors, and the run's own, pods included, waited for ` +
    `${mean(({ waited }) => waited)} % of the time they wanted one. What failed may have failed by that: ` +
    "run fewer things beside it, use --repeat, or a machine of its own."
  );
}
