import { evaluateThreshold, type RunGrounds } from "#domain/evaluate-threshold.ts";
import type { History } from "#domain/history.ts";
import { METRICS, type MetricName, metricOf } from "#domain/metric.ts";
import type { WorkloadSnapshot } from "#domain/observation.ts";
import type { Recipe } from "#domain/recipe.ts";
import type { Report, Result } from "#domain/report.ts";
import type { Threshold } from "#domain/threshold.ts";
import { type Verdict, worstVerdict } from "#domain/verdict.ts";
import { auditViolations } from "./audit-violations.ts";
import { capacity } from "./capacity.ts";
import type { Checker } from "./checker.ts";
import { cutConnections } from "./cut-connections.ts";
import { deregistrationLatency } from "./deregistration-latency.ts";
import { droppedRequests } from "./dropped-requests.ts";
import { failuresPerTermination } from "./failures-per-termination.ts";
import { findExcuse } from "./find-excuse.ts";
import { forcedKills } from "./forced-kills.ts";
import { graceUsed } from "./grace-used.ts";
import { guardedFold } from "./guarded-fold.ts";
import { leaks } from "./leaks.ts";
import { longestGap } from "./longest-gap.ts";
import { ReportParts } from "./report-parts.ts";
import { requestErrorRate } from "./request-error-rate.ts";
import { findRunDoubts } from "./run-doubts.ts";
import { gatherFacts, type RunFacts } from "./run-facts.ts";
import { runningImages } from "./running-images.ts";
import { Sightings } from "./sightings.ts";
import { staleRequests } from "./stale-requests.ts";
import {
  classifiedOf,
  countClasses,
  transactionCompletionRate,
} from "./transaction-completion-rate.ts";
import { withoutStarved } from "./without-starved.ts";

const CHECKERS: Readonly<Record<MetricName, Checker>> = {
  "request-error-rate": requestErrorRate,
  "dropped-requests": droppedRequests,
  "transaction-completion-rate": transactionCompletionRate,
  "deregistration-latency": deregistrationLatency,
  "stale-requests": staleRequests,
  "failures-per-termination": failuresPerTermination,
  "longest-gap": longestGap,
  "grace-used": graceUsed,
  "forced-kills": forcedKills,
  capacity,
  "audit-violations": auditViolations,
  leaks,
  "cut-connections": cutConnections,
};

/**
 * A report is a pure function of a history and the promises asked of it: the same history gives the same
 * answer, tomorrow and on another machine. Advice is added by whoever composes the rooms.
 */
export function judge(history: History, thresholds: readonly Threshold[]): Report {
  const { history: pool, starved } = withoutStarved(history);
  const report = judgeWhole(pool, thresholds);
  if (report.verdict !== "pass" || starved.length < 2) return report;
  const isBroken = (one: History) => {
    const { verdict, voids = [] } = judgeWhole(one, thresholds);
    return verdict === "fail" || voids.length > 0;
  };
  return starved.some(isBroken) ? judgeWhole(pool, thresholds, [NEVER_WELL]) : report;
}

/** Of a series without a single good look, what was diluted must not become a pass. */
const NEVER_WELL =
  "This machine was starved in every repetition, and not each of them kept its promises: " +
  "run fewer things beside it, or use a machine of its own.";

function judgeWhole(
  history: History,
  thresholds: readonly Threshold[],
  known: readonly string[] = [],
): Report {
  const facts = gatherFacts(history);
  const sightings = new Sightings(facts);
  const parts = new ReportParts(facts, sightings);
  const folds = METRICS.map(({ name }) => guardedFold(name, CHECKERS[name], facts, sightings));
  const seeing = folds.filter(({ see }) => see !== undefined);
  for (const exchange of history.exchanges) {
    sightings.see(exchange);
    parts.see(exchange);
    for (const fold of seeing) fold.see?.(exchange);
  }
  const measurements = folds.map((fold) => fold.finish());
  const found = findRunDoubts(facts, parts.inFlightAtSigterm);
  const runDoubts = {
    voids: [...found.voids, ...parts.accountBreaches, ...known],
    doubts: [...found.doubts, ...parts.backgroundDoubts],
  };
  const grounds: RunGrounds = {
    doubts: runDoubts.doubts,
    terminations: facts.terminations.length,
    confidence: facts.confidence,
  };
  const judged = thresholds.map((threshold) => {
    const measurement = measurements.find(({ metric }) => metric === threshold.metric);
    if (measurement === undefined) throw new TypeError(`No checker measures ${threshold.metric}.`);
    const [because] = runDoubts.voids;
    return because === undefined
      ? evaluateThreshold(threshold, measurement, grounds)
      : { threshold, measurement, verdict: "inconclusive" as const, because };
  });
  const excuse = findExcuse(judged, facts);
  const voids = [...runDoubts.voids, ...(excuse === undefined ? [] : [excuse])];
  const results: readonly Result[] =
    excuse === undefined
      ? judged
      : judged.map((result) => ({ ...result, verdict: "inconclusive", because: excuse }));
  const verdict = worstVerdict(results.map((result) => result.verdict));
  const workload = workloadBefore(facts);
  const images = runningImages(history.observations);
  const gated = new Set(thresholds.map(({ metric }) => metric));
  return {
    header: history.header,
    closing: history.closing,
    verdict,
    headline: describeHeadline(
      verdict,
      results,
      describeLeaving(facts, parts.inFlightAtSigterm.met),
    ),
    results,
    ungated: measurements.filter(({ metric }) => !gated.has(metric)),
    doubts: [...voids, ...runDoubts.doubts],
    voids,
    windows: facts.windows,
    ...(images.length > 0 && { images }),
    ...(workload !== undefined && { workload }),
    ...(history.connections !== undefined && { connections: history.connections }),
    actions: history.observations.filter((observation) => observation.type === "action"),
    transactions: countClasses(classifiedOf(facts) ?? []),
    ...parts.finish(),
    advice: [],
  };
}

/** The last that was seen of the workload before a pod left: a disruption may have changed it since. */
function workloadBefore({ history, terminations }: RunFacts): WorkloadSnapshot | undefined {
  const untilMs = terminations[0]?.deletionRequestedAtMs ?? Number.POSITIVE_INFINITY;
  const seen = history.observations.filter((observation) => observation.type === "workload");
  return seen.findLast(({ atMs }) => atMs <= untilMs)?.workload;
}

/** A pod that was idle at SIGTERM had nothing to get wrong: those that were not are counted apart. */
function describeLeaving({ history, parts, terminations }: RunFacts, met: number): string {
  const runs = parts.length === 1 ? "" : ` in ${parts.length} runs`;
  const tried =
    met === 0 || met === terminations.length ? "" : ` (${met} with requests in flight at SIGTERM)`;
  const { workload, recipe } = history.header;
  return `${terminations.length} pods of ${workload.name}${describePatches(recipe)}${runs}${tried}`;
}

/** Whoever reads only the headline must not take it for the answer about the manifests as they are. */
function describePatches({ patches = [] }: Partial<Recipe> = {}): string {
  if (patches.length === 0) return "";
  const changes = patches.length === 1 ? "an advised change" : `${patches.length} advised changes`;
  return ` with ${changes} that its manifests do not have`;
}

function describeHeadline(verdict: Verdict, results: readonly Result[], left: string): string {
  const decisive = results.find((result) => result.verdict === verdict);
  switch (verdict) {
    case "pass":
      return `${left} were terminated under load and every promise was kept.`;
    case "fail":
      return `${left} were terminated under load and a promise was broken: ${describeResult(decisive)}`;
    case "inconclusive":
      return `${left} were terminated, but the answer is not certain: ${decisive?.because ?? "no promise was asked."}`;
  }
}

function describeResult(result: Result | undefined): string {
  if (result === undefined) return "no promise was asked.";
  return `${metricOf(result.threshold.metric).title.toLowerCase()} ${result.because}`;
}
