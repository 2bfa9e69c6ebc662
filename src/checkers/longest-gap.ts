import type { Checker } from "./checker.ts";
import { SuccessGaps } from "./success-gaps.ts";

/** What was the longest time without a success? Everything may be answered with 200, one second late. */
export const longestGap: Checker = (facts) => {
  const gaps = new SuccessGaps(facts);
  return {
    see: (exchange) => gaps.see(exchange),
    finish() {
      const worst = gaps.finish().toSorted((a, b) => b.lengthMs - a.lengthMs)[0];
      const base = {
        metric: "longest-gap",
        sample: gaps.successes,
        doubts: [],
        evidence: { total: 0, exchanges: [], notes: [] },
      } as const;
      if (worst === undefined || gaps.successes === 0) {
        return { ...base, summary: "No request succeeded, so there is no gap between successes." };
      }
      const { stream, lengthMs, fromMs } = worst;
      const slowest = Math.min(
        ...facts.history.header.load.flatMap((each) =>
          each.type === "transactions" ? [] : [each.arrival.perSecond],
        ),
      );
      return {
        ...base,
        value: lengthMs,
        resolution: 1000 / slowest,
        summary: `${Math.round(lengthMs)} ms without a success on ${stream}, from ${(fromMs / 1000).toFixed(2)} s`,
      };
    },
  };
};
