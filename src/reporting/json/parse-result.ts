import type { ComparableRun } from "#domain/comparable-run.ts";
import { type Disruption, describeDisruption } from "#domain/disruption.ts";
import { UsageError } from "#domain/errors.ts";
import { RESULT_SCHEMA, RESULT_VERSION } from "./render-result.ts";

/** What is read of a `result.json`; it was written by this or an earlier version. */
interface StoredResult extends Omit<ComparableRun, "disruptions" | "measurements"> {
  readonly $schema: string;
  readonly version: number;
  readonly disruptions: readonly Disruption[];
  readonly promises: ComparableRun["measurements"];
  readonly ungated: ComparableRun["measurements"];
}

/** Reads what two runs are compared by; `path` is for the message that says why it could not. */
export function parseResult(text: string, path: string): ComparableRun {
  const stored = parse(text);
  if (stored?.$schema !== RESULT_SCHEMA || stored.version !== RESULT_VERSION) {
    throw new UsageError("UNREADABLE_RESULT", `${path} is not the result.json of a run.`, {
      hint: `Give the folder of a run, or a result.json of version ${RESULT_VERSION}.`,
    });
  }
  const { runId, startedAt, scenario, environment, promises, ungated } = stored;
  return {
    runId,
    startedAt,
    scenario,
    environment,
    disruptions: stored.disruptions.map(describeDisruption),
    measurements: [...promises, ...ungated],
    // Results of before these were written still have their measurements.
    load: stored.load ?? [],
    latencies: stored.latencies ?? [],
  };
}

function parse(text: string): StoredResult | undefined {
  try {
    return JSON.parse(text) as StoredResult; // its schema and version are looked at next
  } catch {
    return undefined;
  }
}
