import { lowestRate } from "./lowest-rate.ts";
import { readyEndpoints } from "./ready-endpoints.ts";
import type { RunFacts, RunPart } from "./run-facts.ts";

/**
 * How finely the load shows when a pod left the choice for new connections, in the worst repetition;
 * Infinity where no fresh stream offers any while pods leave.
 */
export function choiceMs(facts: RunFacts): number {
  return Math.max(...facts.parts.map((part) => choiceOfPart(facts, part)));
}

/** The same of one repetition, for whoever opens only this share of its new connections. */
export function choiceOfPart(facts: RunFacts, part: RunPart, share = 1): number {
  return resolutionMs(share * freshRate(facts, part), mostReady(facts, part));
}

/** From the first deletion on: a ramp that is over by then counts with the rate that it reached. */
function freshRate({ history }: RunFacts, { terminations, loadStartedAtMs }: RunPart): number {
  const firstT0Ms = terminations[0]?.deletionRequestedAtMs ?? Number.POSITIVE_INFINITY;
  return history.header.load.reduce(
    (sum, { type, arrival }) =>
      sum + (type === "fresh" ? lowestRate(arrival, firstT0Ms - loadStartedAtMs) : 0),
    0,
  );
}

/** The most pods among which a new connection had to choose: the harder to hit the one that leaves. */
function mostReady({ history }: RunFacts, { span }: RunPart): number {
  let most = 1;
  for (const { ready } of readyEndpoints(history.observations, span)) {
    most = Math.max(most, ready.size);
  }
  return most;
}

/**
 * How far after the last arrival the true moment may lie, at 95 %: each new connection reaches the pod
 * with probability 1/R, so silence of this length means that it is out of the choice.
 */
export function resolutionMs(freshPerSecond: number, readyEndpoints: number): number {
  if (readyEndpoints <= 1) return 1000 / freshPerSecond;
  return (1000 * 3) / (-Math.log(1 - 1 / readyEndpoints) * freshPerSecond);
}
