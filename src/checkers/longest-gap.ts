import type { Checker } from "./checker.ts";

interface Gap {
  lastOkMs: number;
  longestMs: number;
  fromMs: number;
  successes: number;
}

/**
 * What was the longest time without a success? Everything may be answered with 200, one second late.
 *
 * The ledger is written as exchanges end, so successes come in order of their ends.
 */
export const longestGap: Checker = (facts) => {
  const { fromMs, untilMs } = facts.load;
  const gaps = new Map<string, Gap>();
  for (const stream of facts.history.header.load) {
    if (stream.type === "transactions") continue;
    // A stream whose answers take their time on purpose cannot succeed before that.
    const sinceMs = Math.max(fromMs, facts.loadStartedAtMs + (stream.takesMs ?? 0));
    gaps.set(stream.name, { lastOkMs: sinceMs, longestMs: 0, fromMs: sinceMs, successes: 0 });
  }
  return {
    see({ stream, endedAtMs, outcome }) {
      const gap = gaps.get(stream);
      if (gap === undefined || outcome.type !== "ok") return;
      if (endedAtMs <= fromMs || gap.lastOkMs >= untilMs) return;
      extend(gap, Math.min(endedAtMs, untilMs));
      gap.successes += 1;
    },
    finish() {
      for (const gap of gaps.values()) {
        if (Number.isFinite(untilMs)) extend(gap, untilMs);
      }
      const worst = [...gaps].toSorted(([, a], [, b]) => b.longestMs - a.longestMs)[0];
      const sample = [...gaps.values()].reduce((sum, { successes }) => sum + successes, 0);
      const base = {
        metric: "longest-gap",
        sample,
        doubts: [],
        evidence: { total: 0, exchanges: [], notes: [] },
      } as const;
      if (worst === undefined || sample === 0) {
        return { ...base, summary: "No request succeeded, so there is no gap between successes." };
      }
      const [stream, { longestMs, fromMs: sinceMs }] = worst;
      const slowest = Math.min(
        ...facts.history.header.load.flatMap((each) =>
          each.type === "transactions" ? [] : [each.arrival.perSecond],
        ),
      );
      return {
        ...base,
        value: longestMs,
        resolution: 1000 / slowest,
        summary: `${Math.round(longestMs)} ms without a success on ${stream}, from ${(sinceMs / 1000).toFixed(2)} s`,
      };
    },
  };
};

function extend(gap: Gap, untilMs: number): void {
  if (untilMs - gap.lastOkMs > gap.longestMs) {
    gap.longestMs = untilMs - gap.lastOkMs;
    gap.fromMs = gap.lastOkMs;
  }
  gap.lastOkMs = Math.max(gap.lastOkMs, untilMs);
}
