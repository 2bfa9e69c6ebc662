import type { Checker } from "./checker.ts";
import { EvidenceList } from "./evidence-list.ts";

/** How many requests does one leaving pod cost? A rate hides this behind the length of the run. */
export const failuresPerTermination: Checker = (facts) => {
  const evidence = new EvidenceList();
  let exposed = 0;
  return {
    see(exchange) {
      if (exchange.outcome.type === "undelivered" || !facts.isExposed(exchange)) return;
      exposed += 1;
      if (exchange.outcome.type !== "ok") evidence.add(exchange);
    },
    finish() {
      const terminations = facts.terminations.length;
      const base = {
        metric: "failures-per-termination",
        sample: terminations,
        doubts: exposed === 0 ? ["No request met a terminating pod."] : [],
        evidence: evidence.toEvidence(),
      } as const;
      if (terminations === 0) return { ...base, summary: "No pod terminated." };
      const summary = `${evidence.total} failures over ${terminations} terminations`;
      return { ...base, value: evidence.total / terminations, summary };
    },
  };
};
