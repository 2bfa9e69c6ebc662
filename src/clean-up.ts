import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import { HarnessError, UsageError } from "#domain/errors.ts";
import { describeRef } from "#domain/object-ref.ts";
import { MANAGED_BY_SELECTOR, RUN_LABEL } from "#domain/undo-step.ts";
import { isAlive } from "#history/process-identity.ts";
import { type FoundUndoLog, findUndoLogs, undoDirectory } from "#history/undo-log.ts";
import type { Cluster } from "#ports/cluster.ts";
import { describePutBack, putBack } from "#runner/put-back.ts";

/*
 * Puts back what runs have left that were killed: part of the composition root.
 */

/** Absent run and `all` false: the runs that were killed. `all`: also what others left on purpose. */
export interface CleanUpOptions {
  readonly runId?: string;
  readonly all: boolean;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Cleans up run by run; false when something could not be put back and another try is needed. */
export async function cleanUp(options: CleanUpOptions): Promise<boolean> {
  const { runId, tell } = options;
  const logs = await findUndoLogs(undoDirectory(process.env));
  const chosen = runId === undefined ? logs : logs.filter(({ header }) => header.runId === runId);
  if (chosen.length === 0) {
    if (runId !== undefined) throw unknownRun(runId, logs);
    tell("No run has left anything.");
    return true;
  }
  let complete = true;
  for (const found of chosen) complete = (await cleanUpAfter(found, options)) && complete;
  return complete;
}

async function cleanUpAfter(found: FoundUndoLog, options: CleanUpOptions): Promise<boolean> {
  const { header, log } = found;
  const { tell, signal, all, runId } = options;
  const name = `Run ${header.runId} of ${header.startedAt} on ${header.cluster}`;
  if (header.ended !== true && (await isAlive(header.process))) {
    tell(`${name} is still going on (process ${header.process.pid}); it cleans up by itself.`);
    return true;
  }
  if (header.ended === true && !all && runId === undefined) {
    tell(`${name} came to its end and left what it had made; --run ${header.runId} removes it.`);
    return true;
  }
  if (header.cluster === "embedded") {
    await log.keep([], { ended: true });
    tell(`${name}: the cluster ended with the run, so there is nothing to put back.`);
    return true;
  }
  tell(`${name}:`);
  let cluster: Cluster;
  try {
    cluster = await reach(found, signal);
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    tell(`  ${error.message} Its log is kept for another try.`);
    return false;
  }
  try {
    const done = await putBack({ undo: log, cluster, wanted: log.steps }, signal);
    for (const one of done) tell(`  ${describePutBack(one)}`);
    const failed = done.some(({ outcome }) => outcome.type === "failed");
    for (const line of await removeTraces(found, cluster, signal)) tell(`  ${line}`);
    return !failed;
  } finally {
    await cluster.stop();
  }
}

/** The cluster as the run reached it: its context, out of the kubeconfig that counted then. */
async function reach({ header }: FoundUndoLog, signal: AbortSignal): Promise<Cluster> {
  const kind = /^kind(?::(.+))?$/.exec(header.cluster);
  const context =
    kind === null ? /^context:(.+)$/.exec(header.cluster)?.[1] : `kind-${kind[1] ?? "lastcall"}`;
  const before = process.env["KUBECONFIG"];
  // The library reads the variable, and the run may have been started with another value.
  if (header.kubeconfig !== undefined) process.env["KUBECONFIG"] = header.kubeconfig;
  try {
    const description = header.cluster;
    return await connectCluster(
      { kubeconfig: "default", description, ...(context !== undefined && { context }) },
      signal,
    );
  } finally {
    if (before === undefined) delete process.env["KUBECONFIG"];
    else process.env["KUBECONFIG"] = before;
  }
}

/** What carries the run's label without being in its log: the Jobs of its load. */
async function removeTraces(
  { header }: FoundUndoLog,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { namespace, runId } = header;
  const labelSelector = `${MANAGED_BY_SELECTOR},${RUN_LABEL}=${runId}`;
  const query = { apiVersion: "batch/v1", kind: "Job", namespace, labelSelector };
  const told: string[] = [];
  for (const { apiVersion, kind, metadata } of await listIfAllowed(cluster, query, signal)) {
    const ref = { apiVersion, kind, namespace, name: metadata.name };
    await cluster.deleteObject(ref, { propagation: "Background" }, signal);
    told.push(`${describeRef(ref)} removed`);
  }
  return told;
}

/** Who may not look at Jobs cannot have made any. */
async function listIfAllowed(
  cluster: Cluster,
  query: Parameters<Cluster["listObjects"]>[0],
  signal: AbortSignal,
) {
  try {
    return await cluster.listObjects(query, signal);
  } catch (error) {
    if (error instanceof HarnessError && error.code === "FORBIDDEN") return [];
    throw error;
  }
}

function unknownRun(runId: string, logs: readonly FoundUndoLog[]): UsageError {
  const known = logs.map(({ header }) => header.runId).join(", ");
  return new UsageError("UNKNOWN_RUN", `The run ${runId} has left nothing that is known here.`, {
    hint: `Runs that have: ${known || "none"}. They are known on the machine that they were started on.`,
  });
}
