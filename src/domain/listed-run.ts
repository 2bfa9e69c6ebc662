import type { Environment } from "./history.ts";
import type { MetricName } from "./metric.ts";
import type { Verdict } from "./verdict.ts";

/** A judged run as a line among others: what tells it apart, and the numbers whose trend is drawn. */
export interface ListedRun {
  /** Its folder's name below the reports folder. */
  readonly folder: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly scenario: string;
  readonly verdict: Verdict;
  readonly headline: string;
  readonly durationMs: number;
  readonly disruptions: readonly string[];
  readonly environment: Environment;
  readonly measurements: readonly ListedMeasurement[];
}

/** `value` is absent where nothing was measured, `verdict` where nothing was promised. */
export interface ListedMeasurement {
  readonly metric: MetricName;
  readonly value?: number;
  readonly verdict?: Verdict;
}
