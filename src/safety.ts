import type { Scenario } from "#domain/scenario.ts";
import { ownIdentity } from "#history/process-identity.ts";
import { createUndoLog, undoDirectory } from "#history/undo-log.ts";
import type { UndoLog } from "#ports/undo-log.ts";

/*
 * What keeps a run from leaving anything behind, or from touching what it was not allowed: part of the
 * composition root.
 */

interface WantedRun {
  readonly cluster: string;
  readonly scenario: Scenario;
}

/** The undo log of a new run, with what is needed to find its cluster again. */
export async function undoLogOf(
  { cluster, scenario }: WantedRun,
  identity: { readonly runId: string; readonly startedAt: string },
): Promise<UndoLog> {
  const kubeconfig = process.env["KUBECONFIG"] ?? "";
  return createUndoLog(undoDirectory(process.env), {
    format: 1,
    ...identity,
    process: await ownIdentity(),
    cluster,
    ...(kubeconfig !== "" && { kubeconfig }),
    namespace: scenario.workload.namespace,
  });
}
