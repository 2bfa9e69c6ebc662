import type { Exchange } from "#domain/exchange.ts";
import { type Measurement, NO_EVIDENCE } from "#domain/measurement.ts";
import type { Termination } from "#domain/termination.ts";
import type { VantageSight } from "#domain/vantage-point.ts";
import { type Checker, EVIDENCE_LIMIT } from "./checker.ts";
import { choiceMs } from "./choice-resolution.ts";
import { podsThatWereReady } from "./pod-stages.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Sightings } from "./sightings.ts";
import { cameWhileWell, whileWell } from "./starved-machine.ts";
import { latestMs } from "./vantages.ts";

/**
 * How long after its deletion was requested did a pod still get new connections?
 *
 * The answer comes from the data path itself: the pod names itself in its answers, and a fresh
 * connection per request shows when the last one arrived. It can only be known as finely as fresh
 * connections are offered, so the resolution is part of the number.
 */
export const deregistrationLatency: Checker = (facts, sightings) => {
  const { attributor } = sightings;
  let unattributed = 0;
  return {
    see(exchange) {
      if (!isLostNewConnection(exchange) || !facts.isExposed(exchange)) return;
      const { attribution, ledToNobody } = attributor.blame(exchange);
      if (attribution !== "proven" && ledToNobody !== true) unattributed += 1;
    },
    finish: () => measure(facts, sightings, unattributed),
  };
};

function isLostNewConnection({ connection, outcome, servedBy }: Exchange): boolean {
  return (
    servedBy === undefined &&
    connection === "new" &&
    (outcome.type === "failed" || outcome.type === "indeterminate")
  );
}

function measure(facts: RunFacts, sightings: Sightings, unattributed: number): Measurement {
  const { arrivals, vantages } = sightings;
  const { terminations } = facts;
  const known = terminations.filter((each) => arrivals.knows(each));
  const ready = podsThatWereReady(facts.history.observations);
  const silent = terminations.filter((each) => ready.has(each.uid) && !arrivals.knows(each));
  const base = { metric: "deregistration-latency", sample: known.length } as const;
  const choice = choiceMs(facts);
  const unseen = known.every((each) => arrivals.of(each).lastNewConnectionAtMs === undefined);
  const unasked =
    whyUnasked(terminations.length, choice, known.length) ??
    (unseen && unattributed > 0 ? whyUnanswered(unattributed) : undefined);
  if (unasked !== undefined) {
    return { ...base, summary: unasked, doubts: [], evidence: NO_EVIDENCE };
  }
  const latencies = known.map((termination) => ({
    termination,
    newMs: sinceDeletion(termination, arrivals.of(termination).lastNewConnectionAtMs),
    reusedMs: sinceDeletion(termination, arrivals.of(termination).lastReusedRequestAtMs),
    sights: vantages.sightsOf(termination, arrivals),
  }));
  const sorted = latencies.map(({ newMs }) => newMs).toSorted((a, b) => a - b);
  const worstMs = sorted.at(-1) ?? 0;
  // T0 may lie before we saw it, and the last arrival may have missed our sampling: both hide latency.
  const t0Ms = Math.max(...known.map(({ t0UncertaintyMs }) => t0UncertaintyMs));
  const resolution = choice + t0Ms;
  return {
    ...base,
    value: worstMs,
    cases: latencies.map(({ newMs }) => newMs),
    resolution,
    ...whileWell(facts.starvation, latenciesWhileWell(latencies, facts)),
    ...atWorst(latencies),
    summary:
      `last new connection ${describeMs(worstMs)} after deletion at worst, median ` +
      `${describeMs(sorted[Math.floor((sorted.length - 1) / 2)] ?? 0)}, known to ${describeMs(resolution)}; ` +
      `control plane alone ${describeMs(worstControlPlane(terminations))}${describeVantages(latencies)}`,
    doubts: findDoubts(unattributed, silent.length),
    evidence: { total: latencies.length, exchanges: [], notes: describeCases(latencies) },
  };
}

/** Silence says that a pod is out of the data path only if it would have named itself. */
function whyUnasked(terminations: number, choice: number, known: number) {
  if (terminations === 0) return "No pod terminated.";
  if (choice === Number.POSITIVE_INFINITY) {
    return "The load has no fresh stream at work while pods leave, so no new connection shows when one left the data path.";
  }
  return known > 0
    ? undefined
    : "No leaving pod ever named itself in an answer (header x-pod), so nobody knows when its last one came.";
}

/** A pod that stops answering before it leaves the data path would else have left it at once. */
function whyUnanswered(unattributed: number): string {
  return (
    "No leaving pod answered a new connection after its deletion, but " +
    `${unattributed} failed without naming a pod, so nobody knows when the last one came.`
  );
}

function findDoubts(unattributed: number, silent: number): readonly string[] {
  const lost =
    `${unattributed} new connections failed without naming a pod; ` +
    "they may have reached a leaving one.";
  const unnamed = `${silent} leaving pods never named themselves on a new connection.`;
  return [...(unattributed > 0 ? [lost] : []), ...(silent > 0 ? [unnamed] : [])];
}

interface Case {
  readonly termination: Termination;
  readonly newMs: number;
  readonly reusedMs: number;
  readonly sights: readonly VantageSight[];
}

function latenciesWhileWell(cases: readonly Case[], { starvation }: RunFacts): readonly number[] {
  const well = cases.filter(({ termination: { deletionRequestedAtMs: t0Ms }, newMs }) =>
    cameWhileWell(starvation, t0Ms, t0Ms + newMs),
  );
  return well.map(({ newMs }) => newMs);
}

/**
 * Each vantage point asks with its own share of the rate only, and its node may be the last to learn: until
 * that one has been silent for long enough, the pod may still have been in its choice.
 */
function atWorst(cases: readonly Case[]): Pick<Measurement, "atWorst"> {
  const [worst] = cases
    .flatMap(({ termination, sights }) => {
      const [sight] = sights;
      if (sight === undefined) return [];
      const { pod, deletionRequestedAtMs, t0UncertaintyMs } = termination;
      const ms = latestMs(sight, termination) - deletionRequestedAtMs + t0UncertaintyMs;
      return [{ pod, vantage: sight.vantage, ms }];
    })
    .toSorted((a, b) => b.ms - a.ms);
  if (worst === undefined) return {};
  const because =
    `Through ${worst.vantage} alone so few new connections were opened that ${worst.pod} may have got ` +
    `some until ${describeMs(worst.ms)} after its deletion. Offer more requests per second.`;
  return { atWorst: { value: worst.ms, because } };
}

function describeVantages(cases: readonly Case[]): string {
  const sights = cases.flatMap((each) => each.sights);
  if (sights.length === 0) return "";
  const number = Math.max(...cases.map((each) => each.sights.length));
  const knownToMs = Math.max(...sights.map(({ uncertaintyMs }) => uncertaintyMs));
  return `; seen from ${number} vantage points, from each to ${describeMs(knownToMs)}`;
}

/** More of them than this make no sentence; they come in the order of how long each may have gone on. */
const SIGHTS_TOLD = 4;

function describeSights({ termination, sights }: Case): string {
  if (sights.length < 2) return "";
  const told = sights.slice(0, SIGHTS_TOLD).map(({ vantage, lastNewConnectionAtMs }) => {
    const ms = lastNewConnectionAtMs && sinceDeletion(termination, lastNewConnectionAtMs);
    return `${vantage} ${ms === undefined ? "none" : `until ${describeMs(ms)}`}`;
  });
  const more = sights.length - told.length;
  return ` (through ${told.join(", ")}${more > 0 ? `, and ${more} more` : ""})`;
}

function describeCases(latencies: readonly Case[]): readonly string[] {
  return latencies
    .toSorted((a, b) => b.newMs - a.newMs)
    .slice(0, EVIDENCE_LIMIT)
    .map(
      (each) =>
        `${each.termination.pod}: new connections until ${describeMs(each.newMs)}${describeSights(each)}, ` +
        `reused until ${describeMs(each.reusedMs)}, endpoint not ready after ` +
        describeMs(controlPlaneMs(each.termination)),
    );
}

function sinceDeletion({ deletionRequestedAtMs }: Termination, atMs: number | undefined): number {
  return atMs === undefined ? 0 : atMs - deletionRequestedAtMs;
}

function controlPlaneMs(termination: Termination): number | undefined {
  const { endpointNotReadyAtMs, deletionRequestedAtMs } = termination;
  return endpointNotReadyAtMs === undefined
    ? undefined
    : Math.max(0, endpointNotReadyAtMs - deletionRequestedAtMs);
}

function worstControlPlane(terminations: readonly Termination[]): number | undefined {
  const known = terminations.map(controlPlaneMs).filter((ms) => ms !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function describeMs(ms: number | undefined): string {
  if (ms === undefined) return "not seen";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
