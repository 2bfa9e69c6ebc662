import { describeDisruption } from "#domain/disruption.ts";
import type { ListedMeasurement, ListedRun } from "#domain/listed-run.ts";
import { readStoredResult } from "./stored-result.ts";

/** What a list of runs shows of a `result.json`; undefined where it is none, since a list skips what it cannot read. */
export function listResult(text: string, folder: string): ListedRun | undefined {
  const stored = readStoredResult(text);
  if (stored === undefined) return undefined;
  const { runId, startedAt, scenario, verdict, headline, durationMs, environment } = stored;
  const measurements = [...stored.promises, ...stored.ungated].map(listMeasurement);
  const disruptions = stored.disruptions.map(describeDisruption);
  return {
    ...{ folder, runId, startedAt, scenario, verdict, headline, durationMs },
    ...{ disruptions, environment, measurements },
  };
}

function listMeasurement({ metric, value, verdict }: ListedMeasurement): ListedMeasurement {
  return {
    metric,
    ...(value !== undefined && { value }),
    ...(verdict !== undefined && { verdict }),
  };
}
