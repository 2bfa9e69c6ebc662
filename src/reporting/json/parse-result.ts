import type { ComparableRun } from "#domain/comparable-run.ts";
import { describeDisruption } from "#domain/disruption.ts";
import { UsageError } from "#domain/errors.ts";
import { RESULT_VERSION } from "./render-result.ts";
import { readStoredResult } from "./stored-result.ts";

/** Reads what two runs are compared by; `path` is for the message that says why it could not. */
export function parseResult(text: string, path: string): ComparableRun {
  const stored = readStoredResult(text);
  if (stored === undefined) {
    throw new UsageError("UNREADABLE_RESULT", `${path} is not the result.json of a run.`, {
      hint: `Give the folder of a run, or a result.json of version ${RESULT_VERSION}.`,
    });
  }
  const { runId, startedAt, scenario, verdict, headline, environment } = stored;
  return {
    runId,
    startedAt,
    scenario,
    verdict,
    headline,
    environment,
    disruptions: stored.disruptions.map(describeDisruption),
    measurements: [...stored.promises, ...stored.ungated],
    digests: stored.digests ?? {},
    // Results of before these were written still have their measurements.
    load: stored.load ?? [],
    latencies: stored.latencies ?? [],
  };
}
