import type { DisruptionContext } from "#disruptions/disruption-context.ts";
import type { Cluster } from "#ports/cluster.ts";
import { anUndoLog } from "./a-cluster.ts";
import type { Recording } from "./recording.ts";

/** What a disruption gets in a test: a cluster whose future is written, and a minute. */
export function aContext(
  recording: Recording,
  cluster: Cluster,
  fields: Partial<DisruptionContext> = {},
): DisruptionContext {
  return {
    cluster,
    observed: recording,
    clock: recording,
    undo: anUndoLog(),
    mayTouch: () => true,
    entrances: [],
    maxDisruptedRatio: 1,
    runId: "r1",
    startedAt: "2026-11-24T10:00:00.000Z",
    deadlineMs: 60_000,
    signal: new AbortController().signal,
    ...fields,
  };
}
