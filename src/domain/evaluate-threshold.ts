import { triesToProve } from "./confidence.ts";
import { byFineStreams, TIMES_FINER } from "./fine-streams.ts";
import { formatValue } from "./format-value.ts";
import type { Measurement } from "./measurement.ts";
import { metricOf } from "./metric.ts";
import type { Result } from "./report.ts";
import { keeps, type Threshold } from "./threshold.ts";

/** What a judgement has to know of the run besides the measurement. */
export interface RunGrounds {
  /** Facts that weaken the run as a whole. */
  readonly doubts: readonly string[];
  readonly terminations: number;
  /** Of each bound: higher than 95 % where a series of runs may end after any of them. */
  readonly confidence: number;
}

/**
 * Holds one measurement against one promise.
 *
 * A crossed threshold is a fail however small the sample: the failures were seen. A kept one passes only
 * if it was measured finely enough, on a sample that can carry it, and without a doubt.
 */
export function evaluateThreshold(
  threshold: Threshold,
  whole: Measurement,
  grounds: RunGrounds,
): Result {
  const { measurement, aside } = byFineStreams(threshold, whole);
  const { value } = measurement;
  const result = (verdict: Result["verdict"], because: string): Result => ({
    threshold,
    measurement,
    verdict,
    because,
  });
  if (value === undefined || Number.isNaN(value)) {
    return result("inconclusive", `Not measured. ${measurement.summary}`);
  }
  const measured = formatValue(threshold.metric, value);
  if (!keeps(threshold, value)) {
    return result("fail", `${measured} does not keep ${threshold.text}.`);
  }
  const shortfall =
    sampleShortfall(threshold, measurement, grounds) ??
    tooCoarse(threshold, measurement) ??
    hiddenByUs(threshold, measurement);
  if (shortfall !== undefined) return result("inconclusive", shortfall);
  const doubt = [...measurement.doubts, ...grounds.doubts][0];
  if (doubt !== undefined) return result("inconclusive", doubt);
  const kept = `${measured} keeps ${threshold.text}${supported(threshold, measurement)}.`;
  return result("pass", aside === undefined ? kept : `${kept} ${aside}`);
}

/** Only a share with a strict or inclusive limit can be proven by sampling; `= 100 %` states what was seen. */
function sampleShortfall(
  threshold: Threshold,
  measurement: Measurement,
  grounds: RunGrounds,
): string | undefined {
  const { bound, sample } = measurement;
  if (bound === undefined || threshold.operator === "=" || keeps(threshold, bound))
    return undefined;
  if (isExtreme(threshold)) return undefined;
  return (
    `The sample of ${sample} is too small: with 95 % confidence the true value may be ` +
    `${formatValue(threshold.metric, bound)}, and ${threshold.text} was asked. ` +
    `${whatIsMissing(threshold, measurement, grounds)}.`
  );
}

/** In the cases that are counted, and in terminations of pods, which are what a user can order more of. */
function whatIsMissing(
  { metric, limit }: Threshold,
  { boundOn, sample }: Measurement,
  { terminations, confidence }: RunGrounds,
): string {
  const { of, failures, tried } = boundOn ?? { of: "cases", failures: 0, tried: sample };
  const allowed = metricOf(metric).better === "lower" ? limit : 1 - limit;
  const missing = Math.max(1, triesToProve(allowed, failures, confidence) - tried);
  const wanted = `About ${missing} more ${of} without a ${failures === 0 ? "" : "further "}failure are needed`;
  if (tried === 0 || terminations === 0) return wanted;
  const more = Math.ceil((missing * terminations) / tried);
  return `${wanted}: ${more} more ${more === 1 ? "termination" : "terminations"}, at ${Math.round(tried / terminations)} each`;
}

/** `>= 100 %` and `<= 0 %` can never be proven by a sample; they are read like `=`. */
function isExtreme({ operator, limit }: Threshold): boolean {
  return (operator === ">=" && limit === 1) || (operator === "<=" && limit === 0);
}

/** The rule: ten times finer than the promise, or a gap could hide between two samples. */
function tooCoarse(threshold: Threshold, { resolution }: Measurement): string | undefined {
  if (resolution === undefined || threshold.limit === 0) return undefined;
  if (resolution * TIMES_FINER <= threshold.limit) return undefined;
  return (
    `It was measured to ${formatValue(threshold.metric, resolution)} only, and ${threshold.text} needs ` +
    `${formatValue(threshold.metric, threshold.limit / TIMES_FINER)}. Offer more requests per second.`
  );
}

function hiddenByUs(threshold: Threshold, { atWorst }: Measurement): string | undefined {
  return atWorst === undefined || keeps(threshold, atWorst.value) ? undefined : atWorst.because;
}

function supported(threshold: Threshold, { bound }: Measurement): string {
  if (bound === undefined || threshold.operator === "=") return "";
  const side = metricOf(threshold.metric).better === "lower" ? "below" : "above";
  return `, ${side} ${formatValue(threshold.metric, bound)} with 95 % confidence`;
}
