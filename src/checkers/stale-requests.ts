import type { Exchange } from "#domain/exchange.ts";
import type { Termination } from "#domain/termination.ts";
import type { Checker } from "./checker.ts";
import { EvidenceList } from "./evidence-list.ts";
import { PartTally } from "./part-tally.ts";

/**
 * How many requests were sent to a pod whose process had already exited?
 *
 * Nobody answers there, so nobody names the pod: a new connection that was refused or reset before any
 * answer, between a pod's exit and the end of its exposure, is counted. The data path then still listed
 * an address where nobody listens.
 */
export const staleRequests: Checker = (facts) => {
  const evidence = new EvidenceList();
  const tally = new PartTally(facts.parts);
  let exposed = 0;
  const { marginMs } = facts.history.header;
  return {
    see(exchange) {
      if (exchange.outcome.type === "undelivered" || !facts.isExposed(exchange)) return;
      exposed += 1;
      if (!nobodyListened(exchange)) return;
      if (facts.terminations.some((gone) => sentAfterExit(exchange, gone, marginMs))) {
        evidence.add(exchange);
        tally.add(exchange.endedAtMs);
      }
    },
    finish() {
      const base = {
        metric: "stale-requests",
        sample: exposed,
        doubts: [],
        evidence: evidence.toEvidence(),
      } as const;
      if (exposed === 0) return { ...base, summary: "No request met a terminating pod." };
      const summary = `${evidence.total} requests were sent after the pod's process had exited${tally.described}`;
      const counts = [{ of: "exposed requests", failures: evidence.total, tried: exposed }];
      return { ...base, value: tally.worst, counts, summary };
    },
  };
};

function nobodyListened({ connection, outcome, firstByteAtMs }: Exchange): boolean {
  if (connection !== "new" || firstByteAtMs !== undefined) return false;
  if (outcome.type !== "failed" && outcome.type !== "indeterminate") return false;
  const { reason } = outcome;
  return (
    reason === "connect-refused" ||
    reason === "connect-timeout" ||
    reason === "no-route" ||
    reason === "reset-before-response"
  );
}

function sentAfterExit(
  { sentAtMs }: Exchange,
  { exitedAtMs, goneAtMs }: Termination,
  marginMs: number,
): boolean {
  if (exitedAtMs === undefined) return false;
  return sentAtMs > exitedAtMs && sentAtMs <= (goneAtMs ?? exitedAtMs) + marginMs;
}
