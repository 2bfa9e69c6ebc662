import type { Scenario } from "#domain/scenario.ts";
import { createUndoLog, undoDirectory } from "#history/undo-log.ts";
import type { UndoLog } from "#ports/undo-log.ts";

/*
 * What keeps a run from leaving anything behind, or from touching what it was not allowed: part of the
 * composition root.
 */

/** The undo log of a new run, with what is needed to find its cluster again. */
export function undoLogOf(
  { cluster, scenario }: { readonly cluster: string; readonly scenario: Scenario },
  identity: { readonly runId: string; readonly startedAt: string },
): UndoLog {
  const kubeconfig = process.env["KUBECONFIG"] ?? "";
  return createUndoLog(undoDirectory(process.env), {
    format: 1,
    ...identity,
    pid: process.pid,
    cluster,
    ...(kubeconfig !== "" && { kubeconfig }),
    namespace: scenario.workload.namespace,
  });
}
