import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, UsageError } from "#domain/errors.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import { describeRef } from "#domain/object-ref.ts";
import type { UndoStep } from "#domain/undo-step.ts";
import { runClock, zeroOfRun } from "#load/run-clock.ts";
import type { ClusterObjects } from "#ports/cluster-objects.ts";
import type { LoadPlan, StartLoad } from "#ports/load-driver.ts";
import type { UndoLog } from "#ports/undo-log.ts";
import { awaitWorkers, type WorkerPod } from "./await-workers.ts";
import { InsideLoad } from "./inside-load.ts";
import type { MergeShares } from "./merge-shares.ts";
import { RemoteWorker } from "./remote-worker.ts";
import { shareDirectory } from "./share-directory.ts";
import { CONTAINER, SCRATCH, workerJob } from "./worker-job.ts";

/** Time enough for the word to reach all workers before the moment that it names. */
const LEAD_MS = 500;
const REMOVAL_LIMIT_MS = 15_000;

export interface LoadInsideOptions {
  readonly cluster: Pick<
    ClusterObjects,
    "createObject" | "deleteObject" | "listObjects" | "openSession"
  >;
  readonly undo: UndoLog;
  readonly namespace: string;
  readonly runId: string;
  readonly workers: number;
  readonly image: string;
  /** What in the image is the program of a worker. */
  readonly program: readonly string[];
  readonly mergeShares: MergeShares;
  tell(line: string): void;
  /** Until the load has begun; then it ends as any other load. */
  readonly signal: AbortSignal;
}

/**
 * The same load from pods of the cluster: a Job brings up the workers, and each is talked with over an exec
 * of its own. All begin at one instant, offer their share, and pass their ledgers on as they grow.
 */
export function loadInside(options: LoadInsideOptions): StartLoad {
  return async (plan) => {
    refuseDatabases(plan.streams);
    const removeJob = await createJob(options);
    const workers: RemoteWorker[] = [];
    try {
      const pods = await awaitWorkers(options, options.signal);
      for (const [place, pod] of pods.entries()) {
        const worker = remoteWorker({ place, pod, plan }, options);
        workers.push(worker);
        worker.talkOver(await openSession(worker, pod, options));
      }
      await beginTogether(workers, plan, options);
      return new InsideLoad({ plan, workers, removeJob, mergeShares: options.mergeShares });
    } catch (error) {
      await Promise.all(workers.map((worker) => worker.close()));
      await removeJob();
      throw error;
    }
  };
}

/** Written down first, so that `lastcall cleanup` finds what a killed run left; returns how it is removed. */
async function createJob(options: LoadInsideOptions): Promise<() => Promise<void>> {
  const { cluster, undo, namespace, tell, signal } = options;
  const job = workerJob(options);
  const object = { apiVersion: "batch/v1", kind: "Job", namespace, name: job.metadata.name };
  const step: UndoStep = { type: "created", object };
  const remove = async () => {
    try {
      const limit = AbortSignal.timeout(REMOVAL_LIMIT_MS);
      await cluster.deleteObject(object, { propagation: "Background" }, limit);
      await undo.forget(step);
    } catch (error) {
      const why = messageOf(error);
      tell(`${describeRef(object)} could not be removed: ${why} lastcall cleanup removes it.`);
    }
  };
  await undo.record(step);
  try {
    await cluster.createObject(job, signal);
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

interface Placed {
  readonly place: number;
  readonly pod: WorkerPod;
  readonly plan: LoadPlan;
}

function remoteWorker({ place, pod, plan }: Placed, options: LoadInsideOptions): RemoteWorker {
  return new RemoteWorker({
    name: `load worker ${place} (pod ${pod.name}, node ${pod.node})`,
    share: { worker: place, of: options.workers },
    plan,
    directory: shareDirectory(plan, place),
    clock: runClock(zeroOfRun(plan.runStartedAtMs)),
  });
}

function openSession(
  worker: RemoteWorker,
  { name }: WorkerPod,
  { cluster, namespace, program, signal }: LoadInsideOptions,
) {
  return cluster.openSession(
    {
      namespace,
      pod: name,
      container: CONTAINER,
      command: [...program, "--directory", SCRATCH],
      onOutput: (chunk) => worker.hear(chunk),
    },
    signal,
  );
}

/** Nobody begins before all are ready; then all do at the same instant of the run. */
async function beginTogether(
  workers: readonly RemoteWorker[],
  plan: LoadPlan,
  { tell, signal }: LoadInsideOptions,
): Promise<void> {
  const audited = plan.streams.some(({ type }) => type === "transactions");
  const interrupted = Promise.withResolvers<never>();
  const interrupt = () => interrupted.reject(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener("abort", interrupt);
  try {
    const ready = workers.map((worker, place) => worker.prepare(audited && place === 0));
    await Promise.race([Promise.all(ready), interrupted.promise]);
    const boundMs = Math.max(...workers.map(({ account }) => account.clockBoundMs));
    tell(
      `${workers.length} load workers are ready; their clocks are known to ${boundMs.toFixed(1)} ms.`,
    );
    const clock = runClock(zeroOfRun(plan.runStartedAtMs));
    const atMs = clock.nowMs() + LEAD_MS;
    const begun = Promise.all(workers.map((worker) => worker.begin(atMs)));
    await Promise.race([begun, interrupted.promise]);
    await sleep(Math.max(0, atMs - clock.nowMs()), undefined, { signal });
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

/** Their addresses and files are this machine's, and no pod's. */
function refuseDatabases(streams: readonly LoadStream[]): void {
  const stream = streams.find((one) => one.type === "transactions" && one.audit.type !== "http");
  if (stream === undefined) return;
  throw new UsageError(
    "AUDIT_FROM_INSIDE",
    `The audit of ${stream.name} asks a database, which the load workers inside the cluster do not know.`,
    { hint: "Give the workload an audit over HTTP, or let the load run from outside." },
  );
}
