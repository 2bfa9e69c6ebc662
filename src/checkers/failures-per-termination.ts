import type { Checker } from "./checker.ts";
import { EvidenceList } from "./evidence-list.ts";
import { cameWhileWell, whileWell } from "./starved-machine.ts";

/** How many requests does one leaving pod cost? A rate hides this behind the length of the run. */
export const failuresPerTermination: Checker = (facts) => {
  const evidence = new EvidenceList();
  const { starvation } = facts;
  let exposed = 0;
  let failedWhileWell = 0;
  return {
    see(exchange) {
      if (exchange.outcome.type === "undelivered" || !facts.isExposed(exchange)) return;
      exposed += 1;
      if (exchange.outcome.type === "ok") return;
      evidence.add(exchange);
      if (cameWhileWell(starvation, exchange.sentAtMs, exchange.endedAtMs)) failedWhileWell += 1;
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
      const well = whileWell(starvation, [failedWhileWell / terminations]);
      return { ...base, value: evidence.total / terminations, ...well, summary };
    },
  };
};
