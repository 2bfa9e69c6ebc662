import { formatValue } from "./format-value.ts";
import type { Measurement, SampledStream } from "./measurement.ts";
import { keeps, type Threshold } from "./threshold.ts";

/** A measurement as it is held against one promise, and which streams had no say in it. */
export interface FineMeasurement {
  readonly measurement: Measurement;
  /** A sentence that names the streams too rare to carry the promise; absent where all carry it. */
  readonly aside?: string;
}

/** How much finer than the limit a stream has to see, or what breaks the promise hides between two requests. */
export const TIMES_FINER = 10;

/**
 * What the streams that are fine enough for the promise say together. A rarer one only counts where it
 * surely breaks the promise: its value less the time between two of its requests. Where no stream is fine
 * enough and none is sure, the resolution of the finest says that it was not measured finely enough.
 */
export function byFineStreams(threshold: Threshold, measurement: Measurement): FineMeasurement {
  const { streams = [], doubts } = measurement;
  if (streams.length === 0 || threshold.limit === 0) return { measurement };
  const fine = streams.filter(({ resolution }) => resolution * TIMES_FINER <= threshold.limit);
  const rare = streams.filter((stream) => !fine.includes(stream));
  const sure = rare.map(lessItsSpacing).filter(({ value }) => !keeps(threshold, value));
  const judged =
    fine.length + sure.length > 0 ? [...fine, ...sure] : rare.map(undecided(threshold));
  const worst = worstOf(judged);
  const { atWorst: _, resolution: __, ...rest } = measurement;
  const resolution = finestOf(fine.includes(worst) ? [worst] : rare);
  const atWorst = hidden(fine, worst.value);
  return {
    measurement: {
      ...rest,
      value: worst.value,
      summary: worst.summary,
      ...(Number.isFinite(resolution) && { resolution }),
      ...(atWorst !== undefined && { atWorst }),
      doubts: fine.length > 0 ? [] : doubts,
    },
    ...(rare.length > 0 && { aside: tooRare(threshold, rare) }),
  };
}

function lessItsSpacing(stream: SampledStream): SampledStream {
  return { ...stream, value: stream.value - stream.resolution };
}

/** Nobody knows on which side of the limit the true value lies; what is shown must not break the promise. */
function undecided(threshold: Threshold): (stream: SampledStream) => SampledStream {
  return (stream) => {
    if (keeps(threshold, stream.value)) return stream;
    return { ...stream, value: Math.max(0, stream.value - stream.resolution) };
  };
}

function worstOf(streams: readonly SampledStream[]): SampledStream {
  return streams.reduce((a, b) => (b.value > a.value ? b : a));
}

function finestOf(streams: readonly SampledStream[]): number {
  return Math.min(...streams.map(({ resolution }) => resolution));
}

function hidden(fine: readonly SampledStream[], value: number): Measurement["atWorst"] {
  return fine
    .flatMap(({ atWorst }) => atWorst ?? [])
    .filter((atWorst) => atWorst.value > value)
    .toSorted((a, b) => b.value - a.value)[0];
}

function tooRare({ metric }: Threshold, rare: readonly SampledStream[]): string {
  const named = rare.map(({ stream, resolution }) =>
    Number.isFinite(resolution)
      ? `${stream} (a request every ${formatValue(metric, resolution)})`
      : `${stream} (no request at the end of its ramp)`,
  );
  return `Too rare to carry it: ${named.join(", ")}.`;
}
