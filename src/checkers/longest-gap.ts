import type { LoadStream } from "#domain/load-profile.ts";
import type { Measurement } from "#domain/measurement.ts";
import { pacerFor } from "#domain/pacer.ts";
import type { Checker } from "./checker.ts";
import { lowestRate } from "./lowest-rate.ts";
import type { RunFacts } from "./run-facts.ts";
import type { SuccessGaps } from "./success-gaps.ts";

/**
 * What was the longest time without a success, though something was due? Everything may be answered with
 * 200, one second late.
 *
 * Where this machine itself sent late or nothing, the silence is not the workload's: that time is left
 * out of the value, and a promise that it would break is not decided.
 */
export const longestGap: Checker = (facts, { gaps }) => {
  return {
    finish() {
      const worst = gaps.finish().toSorted((a, b) => b.lengthMs - a.lengthMs)[0];
      const spacings = spacingsOf(facts);
      const base = {
        metric: "longest-gap",
        sample: gaps.successes,
        doubts: spacings
          .filter(({ ms }) => !Number.isFinite(ms))
          .map(
            ({ stream }) =>
              `${stream} offers nothing at the end of its ramp, and its silence says nothing.`,
          ),
        evidence: { total: 0, exchanges: [], notes: [] },
      } as const;
      if (worst === undefined || gaps.successes === 0) {
        return { ...base, summary: "No request succeeded, so there is no gap between successes." };
      }
      const { stream, lengthMs, fromMs } = worst;
      return {
        ...base,
        value: lengthMs,
        resolution: Math.max(0, ...spacings.map(({ ms }) => ms).filter(Number.isFinite)),
        ...atWorst(gaps, lengthMs),
        summary: `${Math.round(lengthMs)} ms without a success on ${stream}, from ${seconds(fromMs)}`,
      };
    },
  };
};

function atWorst({ longestWhole }: SuccessGaps, valueMs: number): Pick<Measurement, "atWorst"> {
  if (longestWhole === undefined || longestWhole.wholeMs <= valueMs) return {};
  const { stream, fromMs, lengthMs, wholeMs } = longestWhole;
  const because =
    `Nothing succeeded on ${stream} for ${Math.round(wholeMs)} ms until ${seconds(fromMs + lengthMs)}, but for ` +
    `${Math.round(wholeMs - lengthMs)} ms of it this machine itself sent late or nothing.`;
  return { atWorst: { value: wholeMs, because } };
}

/** How far apart the requests of each stream are at most while load is judged: shorter gaps hide between them. */
function spacingsOf({ history, parts }: RunFacts) {
  const sinceMs = Math.min(
    ...parts.map(({ load, loadStartedAtMs }) => load.fromMs - loadStartedAtMs),
  );
  return history.header.load.flatMap((stream) =>
    stream.type === "transactions" ? [] : [{ stream: stream.name, ms: widestMs(stream, sinceMs) }],
  );
}

function widestMs({ arrival }: LoadStream, sinceMs: number): number {
  const ms = 1000 / lowestRate(arrival, sinceMs);
  // A rising ramp is the slowest at its first step, and even from 0 that one ends.
  return arrival.type === "ramp" && arrival.perSecond > arrival.fromPerSecond
    ? Math.min(ms, pacerFor(arrival)(1))
    : ms;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
