import { setTimeout as sleep } from "node:timers/promises";
import { HarnessError } from "#domain/errors.ts";
import { LOAD_WORKER_LABEL } from "#domain/load-worker.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { ClusterObjects } from "#ports/cluster-objects.ts";

/** A pod that runs and waits for a plan. */
export interface WorkerPod {
  readonly name: string;
  readonly node: string;
}

interface AwaitedWorkers {
  readonly cluster: Pick<ClusterObjects, "listObjects">;
  readonly namespace: string;
  readonly runId: string;
  readonly workers: number;
}

/** An image of a few hundred megabytes has to come from a registry. */
const PATIENCE_MS = 600_000;
const PAUSE_MS = 250;

const INDEX = "batch.kubernetes.io/job-completion-index";
/** What does not get better by waiting. */
const HOPELESS = /^(?:ErrImage|ImagePull|InvalidImageName|CreateContainer|RunContainer)/;

/** Fulfilled with the pods of all workers, by their numbers, once all run. */
export async function awaitWorkers(
  { cluster, namespace, runId, workers }: AwaitedWorkers,
  signal: AbortSignal,
): Promise<readonly WorkerPod[]> {
  const labelSelector = `${LOAD_WORKER_LABEL}=${runId}`;
  const query = { apiVersion: "v1", kind: "Pod", namespace, labelSelector };
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const pods = (await cluster.listObjects(query, signal)) as readonly Pod[]; // pods of the API
    const hopeless = pods.map(whyHopeless).find((why) => why !== undefined);
    if (hopeless !== undefined) throw notStarted(hopeless);
    const running = pods.filter(isRunning);
    if (running.length === workers)
      return running.toSorted((a, b) => indexOf(a) - indexOf(b)).map(place);
    if (performance.now() > untilMs)
      throw notStarted(`${running.length} of ${workers} run; ${pods.map(describe).join(", ")}`);
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

interface Pod extends KubernetesObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly conditions?: readonly { readonly status: string; readonly message?: string }[];
    readonly containerStatuses?: readonly {
      readonly state?: {
        readonly running?: object;
        readonly waiting?: { readonly reason?: string; readonly message?: string };
      };
    }[];
  };
}

function isRunning({ status }: Pod): boolean {
  return status?.containerStatuses?.[0]?.state?.running !== undefined;
}

function whyHopeless({ metadata, status }: Pod): string | undefined {
  const { reason = "", message = "" } = status?.containerStatuses?.[0]?.state?.waiting ?? {};
  if (HOPELESS.test(reason)) return `pod ${metadata.name}: ${reason}: ${message}`;
  if (status?.phase === "Failed" || status?.phase === "Succeeded")
    return `pod ${metadata.name} ended before its load began. ${status.message ?? ""}`;
  return undefined;
}

function indexOf({ metadata }: Pod): number {
  return Number(metadata.annotations?.[INDEX] ?? 0);
}

function place({ metadata, spec }: Pod): WorkerPod {
  return { name: metadata.name, node: spec?.nodeName ?? "unknown" };
}

function describe({ metadata, status }: Pod): string {
  const why = status?.conditions?.find((one) => one.status === "False")?.message ?? "";
  return `${metadata.name} is ${status?.phase ?? "unknown"} ${why}`.trim();
}

function notStarted(why: string): HarnessError {
  return new HarnessError("LOAD_WORKERS_NOT_STARTED", `The load workers do not start: ${why}`, {
    hint: "--runner-image names an image of Lastcall that the nodes have or can pull; the Dockerfile of this version makes one. On kind: docker build -t lastcall/runner:VERSION . && kind load docker-image lastcall/runner:VERSION --name NAME.",
  });
}
