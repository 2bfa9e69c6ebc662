import type { Checker } from "./checker.ts";
import type { RunFacts, RunPart } from "./run-facts.ts";

/** What was the least share of the desired replicas that was ready for traffic while load was offered? */
export const capacity: Checker = (facts) => ({
  see() {},
  finish() {
    const seen = facts.parts.map((part) => ({
      desired: desiredReplicas(facts, part),
      ...leastReady(facts, part),
    }));
    const base = {
      metric: "capacity",
      sample: seen.reduce((sum, { changes }) => sum + changes, 0),
      doubts: [],
      evidence: { total: 0, exchanges: [], notes: [] },
    } as const;
    const shares = seen.flatMap(({ desired, ready }) =>
      desired === undefined || ready === undefined
        ? []
        : [{ desired, ready, share: ready / desired }],
    );
    const worst = shares.toSorted((a, b) => a.share - b.share)[0];
    if (worst === undefined || shares.length < seen.length) {
      return { ...base, summary: "The workload's replicas or its EndpointSlices were not seen." };
    }
    return {
      ...base,
      value: worst.share,
      cases: shares.map(({ share }) => share),
      summary: `at least ${worst.ready} ready endpoints of ${worst.desired} desired`,
    };
  },
});

function desiredReplicas({ history }: RunFacts, { span, load }: RunPart): number | undefined {
  let desired: number | undefined;
  for (const observation of history.observations) {
    if (observation.type !== "workload" || observation.atMs < span.fromMs) continue;
    if (observation.atMs <= load.untilMs) {
      desired = Math.max(desired ?? 0, observation.workload.desired);
    }
  }
  return desired === 0 ? undefined : desired;
}

function leastReady(
  { history }: RunFacts,
  { span, load }: RunPart,
): { ready?: number; changes: number } {
  const readyIn = new Map<string, number>();
  let atStart: number | undefined;
  let least: number | undefined;
  let changes = 0;
  for (const observation of history.observations) {
    if (observation.type !== "endpoint-slice" || observation.atMs < span.fromMs) continue;
    if (observation.atMs > load.untilMs) continue;
    const ready = observation.endpoints.filter((endpoint) => endpoint.ready).length;
    readyIn.set(observation.slice, observation.change === "deleted" ? 0 : ready);
    const total = readyIn.values().reduce((sum, count) => sum + count, 0);
    if (observation.atMs < load.fromMs) {
      atStart = total;
    } else {
      changes += 1;
      least = Math.min(least ?? total, total);
    }
  }
  const known = [atStart, least].filter((count) => count !== undefined);
  return known.length === 0 ? { changes } : { ready: Math.min(...known), changes };
}
