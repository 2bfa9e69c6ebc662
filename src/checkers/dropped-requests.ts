import { type Exchange, isDropped } from "#domain/exchange.ts";
import type { Checker } from "./checker.ts";
import { EvidenceList } from "./evidence-list.ts";
import { PartTally } from "./part-tally.ts";

/** How many requests were sent and never completely answered while a pod was leaving? */
export const droppedRequests: Checker = (facts) => {
  const evidence = new EvidenceList();
  const tally = new PartTally(facts);
  let exposed = 0;
  let stopped = 0;
  return {
    see(exchange) {
      if (exchange.outcome.type === "undelivered" || !facts.isExposed(exchange)) return;
      exposed += 1;
      if (isStopped(exchange)) stopped += 1;
      if (!isDropped(exchange)) return;
      evidence.add(exchange);
      tally.add(exchange.sentAtMs, exchange.endedAtMs);
    },
    finish() {
      const base = {
        metric: "dropped-requests",
        sample: exposed,
        doubts: doubtsOf(stopped),
      } as const;
      if (exposed === 0) {
        const summary = "No request met a terminating pod.";
        return { ...base, summary, evidence: evidence.toEvidence() };
      }
      return {
        ...base,
        value: tally.worst,
        ...tally.whileWell,
        counts: [{ of: "exposed requests", failures: evidence.total, tried: exposed }],
        summary: `${evidence.total} of ${exposed} exposed requests got no complete answer${tally.described}`,
        evidence: evidence.toEvidence(),
      };
    },
  };
};

function isStopped({ outcome }: Exchange): boolean {
  return "reason" in outcome && outcome.reason === "aborted-by-stop";
}

/** Nobody waited for their end: they may have been answered, and they may have hung for ever. */
function doubtsOf(stopped: number): readonly string[] {
  return stopped === 0
    ? []
    : [`${stopped} exposed requests were still open when the load was stopped; drain longer.`];
}
