import type { LoadStream } from "#domain/load-profile.ts";
import type { AtWorst, SampledStream } from "#domain/measurement.ts";
import { pacerFor } from "#domain/pacer.ts";
import type { StreamGap } from "#domain/report.ts";
import type { Checker } from "./checker.ts";
import { lowestRate } from "./lowest-rate.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Gap } from "./silence.ts";
import { whileWell } from "./starved-machine.ts";
import type { SuccessGaps } from "./success-gaps.ts";

/**
 * What was the longest time without a success, though something was due? Everything may be answered with
 * 200, one second late.
 *
 * Each stream sees for itself, as finely as it offers requests: a promise is judged by those that are fine
 * enough for it. Where this machine itself sent late or nothing, the silence is not the workload's: that
 * time is left out of the value, and a promise that it would break is not decided.
 */
export const longestGap: Checker = (facts, { gaps }) => {
  return {
    finish() {
      const streams = sampledStreams(facts, gaps);
      const worst = streams.toSorted((a, b) => b.value - a.value)[0];
      const base = {
        metric: "longest-gap",
        sample: gaps.successes,
        doubts: streams.filter(({ resolution }) => !Number.isFinite(resolution)).map(fallsSilent),
        evidence: { total: 0, exchanges: [], notes: [] },
      } as const;
      if (worst === undefined || gaps.successes === 0) {
        return { ...base, summary: "No request succeeded, so there is no gap between successes." };
      }
      const { value, resolution, summary, atWorst } = worst;
      return {
        ...base,
        value,
        ...whileWell(facts.starvation, surelyWhileWell(streams, gaps)),
        ...(Number.isFinite(resolution) && { resolution }),
        ...(atWorst !== undefined && { atWorst }),
        summary,
        streams,
      };
    },
  };
};

function fallsSilent({ stream }: SampledStream): string {
  return `${stream} offers nothing at the end of its ramp, and its silence says nothing.`;
}

function sampledStreams(facts: RunFacts, gaps: SuccessGaps): readonly SampledStream[] {
  const { header } = facts.history;
  return gaps.finish().flatMap((gap) => {
    const stream = header.load.find(({ name }) => name === gap.stream);
    if (stream === undefined) return [];
    const atWorst = atWorstOf(gap, gaps.longestWholeOf(gap.stream));
    return {
      stream: gap.stream,
      value: gap.lengthMs,
      resolution: widestMs(stream, judgedFromMs(facts)),
      summary: `${Math.round(gap.lengthMs)} ms without a success on ${gap.stream}, from ${seconds(gap.fromMs)}`,
      ...(atWorst !== undefined && { atWorst }),
    };
  });
}

/** Less the time between two requests: so much a rare stream cannot tell from a gap. */
function surelyWhileWell(streams: readonly SampledStream[], gaps: SuccessGaps): readonly number[] {
  return streams.map(({ stream, resolution }) => gaps.longestWhileWellOf(stream) - resolution);
}

function atWorstOf(
  { stream, lengthMs: value }: StreamGap,
  whole: Gap | undefined,
): AtWorst | undefined {
  if (whole === undefined || whole.wholeMs <= value) return undefined;
  const { fromMs, lengthMs, wholeMs } = whole;
  const because =
    `Nothing succeeded on ${stream} for ${Math.round(wholeMs)} ms until ${seconds(fromMs + lengthMs)}, but for ` +
    `${Math.round(wholeMs - lengthMs)} ms of it this machine itself sent late or nothing.`;
  return { value: wholeMs, because };
}

/** How long after its start the load is judged, at the earliest. */
function judgedFromMs({ parts }: RunFacts): number {
  return Math.min(...parts.map(({ load, loadStartedAtMs }) => load.fromMs - loadStartedAtMs));
}

/** How far apart the requests of a stream are at most while load is judged: shorter gaps hide between them. */
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
