import type { Environment } from "./history.ts";
import type { Measurement } from "./measurement.ts";
import type { StreamLatency } from "./report.ts";
import type { Verdict } from "./verdict.ts";

/** Of a judged run, what another can be compared with; its `result.json` says all of it. */
export interface ComparableRun {
  readonly runId: string;
  readonly startedAt: string;
  readonly scenario: string;
  readonly verdict: Verdict;
  readonly headline: string;
  readonly environment: Environment;
  /** Of what the scenario said, by part; none where it was in no file, or written by an older version. */
  readonly digests: Readonly<Record<string, string>>;
  /** Each in words, as the streams are. */
  readonly disruptions: readonly string[];
  readonly load: readonly { readonly stream: string; readonly offered: string }[];
  readonly measurements: readonly ComparableMeasurement[];
  readonly latencies: readonly Pick<StreamLatency, "stream" | "perTermination">[];
}

/** `value`, and the counts or cases that tell whether two values differ by more than chance. */
export type ComparableMeasurement = Pick<Measurement, "metric" | "value" | "counts" | "cases">;
