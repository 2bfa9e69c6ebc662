import type { ComparableRun } from "#domain/comparable-run.ts";
import type { Disruption } from "#domain/disruption.ts";
import type { ListedMeasurement, ListedRun } from "#domain/listed-run.ts";
import { RESULT_SCHEMA, RESULT_VERSION } from "./render-result.ts";

/** What is read of a `result.json`; it was written by this or an earlier version. */
export interface StoredResult
  extends Omit<ComparableRun, "disruptions" | "measurements">,
    Pick<ListedRun, "durationMs"> {
  readonly disruptions: readonly Disruption[];
  readonly promises: readonly StoredMeasurement[];
  readonly ungated: readonly StoredMeasurement[];
}

type StoredMeasurement = ComparableRun["measurements"][number] & ListedMeasurement;

/** Undefined where the text is no result, or one that this version does not understand. */
export function readStoredResult(text: string): StoredResult | undefined {
  try {
    const stored = JSON.parse(text) as StoredResult & Stamp; // its schema and version are looked at next
    return stored.$schema === RESULT_SCHEMA && stored.version === RESULT_VERSION
      ? stored
      : undefined;
  } catch {
    return undefined;
  }
}

interface Stamp {
  readonly $schema: string;
  readonly version: number;
}
