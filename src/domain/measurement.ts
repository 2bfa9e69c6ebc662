import type { Exchange } from "./exchange.ts";
import type { MetricName } from "./metric.ts";

/** One metric of one run: the number, what it rests on, and the exchanges or pods that decided it. */
export interface Measurement {
  readonly metric: MetricName;
  /** In the metric's base unit; absent when it could not be measured, and `summary` then says why. */
  readonly value?: number;
  /** One sentence with the figures, for people. */
  readonly summary: string;
  /** How many cases (requests, transactions, terminations) the value rests on. */
  readonly sample: number;
  /** One-sided 95 % confidence bound on the unfavourable side, where the metric is a share. */
  readonly bound?: number;
  /** The count that `bound` is a bound of. */
  readonly boundOn?: CaseCount;
  /** What can be counted of it, part by part (one part a stream); two runs are compared by these. */
  readonly counts?: readonly CaseCount[];
  /** The single numbers behind the value, one a termination (or a run), in the base unit; compared likewise. */
  readonly cases?: readonly number[];
  /** The finest difference the measuring could see, in the base unit. */
  readonly resolution?: number;
  /** The value if what this machine's own failure hid was bad: a promise that it breaks is not decided. */
  readonly atWorst?: AtWorst;
  /** Where each stream sees for itself, and only as finely as it offers requests. */
  readonly streams?: readonly SampledStream[];
  /** Values by what came while this machine was well, where at times it was not: what one of them breaks, no machine explains. */
  readonly whileWell?: readonly number[];
  /** Facts that make the value untrustworthy; any one makes the verdict at best inconclusive. */
  readonly doubts: readonly string[];
  readonly evidence: Evidence;
}

/** A value that this machine's own failure may hide, and the sentence that says so. */
export interface AtWorst {
  readonly value: number;
  readonly because: string;
}

/** What one stream says of a metric that is sampled by its requests. */
export interface SampledStream {
  readonly stream: string;
  readonly value: number;
  /** The time between two of its requests; infinite where it stops offering any. */
  readonly resolution: number;
  readonly summary: string;
  readonly atWorst?: AtWorst;
}

/** So many failures of so many that were tried. */
export interface CaseCount {
  /** What was tried: `requests of visit`. */
  readonly of: string;
  readonly failures: number;
  readonly tried: number;
}

/** A bounded extract: the first cases and how many there were in all. */
export interface Evidence {
  readonly total: number;
  readonly exchanges: readonly Exchange[];
  /** Pods, transactions or containers, one line each. */
  readonly notes: readonly string[];
}

/** Of a measurement that was not made, or that no single case decides. */
export const NO_EVIDENCE: Evidence = { total: 0, exchanges: [], notes: [] };
