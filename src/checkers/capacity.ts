import type { Checker } from "./checker.ts";
import type { RunFacts } from "./run-facts.ts";

/** What was the least share of the desired replicas that was ready for traffic while load was offered? */
export const capacity: Checker = (facts) => ({
  see() {},
  finish() {
    const desired = desiredReplicas(facts);
    const least = leastReady(facts);
    const base = {
      metric: "capacity",
      sample: least.changes,
      doubts: [],
      evidence: { total: 0, exchanges: [], notes: [] },
    } as const;
    if (desired === undefined || least.ready === undefined) {
      return { ...base, summary: "The workload's replicas or its EndpointSlices were not seen." };
    }
    return {
      ...base,
      value: least.ready / desired,
      summary: `at least ${least.ready} ready endpoints of ${desired} desired`,
    };
  },
});

function desiredReplicas({ history, load }: RunFacts): number | undefined {
  let desired: number | undefined;
  for (const observation of history.observations) {
    if (observation.type === "workload" && observation.atMs <= load.untilMs) {
      desired = Math.max(desired ?? 0, observation.workload.desired);
    }
  }
  return desired === 0 ? undefined : desired;
}

function leastReady({ history, load }: RunFacts): { ready?: number; changes: number } {
  const readyIn = new Map<string, number>();
  let atStart: number | undefined;
  let least: number | undefined;
  let changes = 0;
  for (const observation of history.observations) {
    if (observation.type !== "endpoint-slice" || observation.atMs > load.untilMs) continue;
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
