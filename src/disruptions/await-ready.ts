import { type ClusterView, readyEndpoints, readyPods } from "#domain/cluster-view.ts";
import { HarnessError } from "#domain/errors.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { ObservedCluster } from "#ports/observed-cluster.ts";
import { describeProgress, describeTrouble, remedyFor } from "./describe-trouble.ts";
import { areBeingCreated, type PodTrouble, podTroubles } from "./pod-trouble.ts";
import { isSettled } from "./settled.ts";

/** What the workload has to become, on which cluster, and how long that may take. */
export interface Readiness {
  readonly cluster: Cluster;
  readonly observed: ObservedCluster;
  readonly workload: WorkloadRef;
  /** How many pods there must be; a DaemonSet has one per node and ignores it. */
  readonly replicas: number;
  readonly deadlineMs: number;
  /** How often a container may end by itself before its pod is beyond hope; twice unless given. */
  readonly exitsForgiven?: number | undefined;
  readonly signal: AbortSignal;
}

/** A first start pulls images of a gigabyte to every node; nothing about the workload is wrong meanwhile. */
const CREATION_PATIENCE_MS = 600_000;

/** The most of a log that helps in an error; the rest is one kubectl away. */
const LOG_LINES = 15;

/**
 * Waits until all pods of the workload are ready and listed as endpoints, or until one of them is beyond
 * hope. The error names that pod, what the kubelet says about it, and the end of its log.
 */
export async function awaitReady(readiness: Readiness): Promise<void> {
  const { cluster, observed, workload, replicas, deadlineMs, exitsForgiven, signal } = readiness;
  // Pods beyond hope already may be of an older revision, which the controller is about to replace.
  const given = new Set(podTroubles(observed.view, exitsForgiven).flatMap(hopelessUid));
  const goal = {
    generation: await cluster.readGeneration(workload, signal),
    ...(workload.kind !== "DaemonSet" && { replicas }),
  };
  const hopeless = (view: ClusterView) =>
    podTroubles(view, exitsForgiven)
      .flatMap(hopelessUid)
      .some((uid) => !given.has(uid));
  const decided = (view: ClusterView) => isSettled(view, goal) || hopeless(view);
  await observed.until(decided, deadlineMs, signal);
  if (!decided(observed.view) && areBeingCreated(observed.view)) {
    const created = (view: ClusterView) => decided(view) || !areBeingCreated(view);
    await observed.until(created, CREATION_PATIENCE_MS, signal);
    await observed.until(decided, deadlineMs, signal); // the workload's own time begins now
  }
  if (!isSettled(observed.view, goal)) throw await notReady(readiness);
}

function hopelessUid({ pod, hopeless }: PodTrouble): readonly string[] {
  return hopeless ? [pod.uid] : [];
}

async function notReady(readiness: Readiness): Promise<HarnessError> {
  const { observed, workload, deadlineMs, exitsForgiven } = readiness;
  const { view } = observed;
  const name = `${workload.kind} ${workload.namespace}/${workload.name}`;
  const [worst] = podTroubles(view, exitsForgiven);
  const verdict = worst?.hopeless
    ? `${name} cannot become ready`
    : `${name} did not become ready within ${deadlineMs / 1000} s`;
  const progress = describeProgress(view);
  if (worst === undefined) return unlisted(`${verdict}: ${progress}`, view);
  const log = await logOf(worst, readiness);
  return new HarnessError(
    "WORKLOAD_NOT_READY",
    `${verdict}: ${progress}; ${describeTrouble(worst)}.`,
    {
      hint: [
        ...(log === "" ? [] : [`The last log lines of ${worst.pod.name}:`, indent(log)]),
        remedyFor(worst, workload.namespace),
      ].join("\n"),
    },
  );
}

/** No pod is in trouble, and yet the workload is not there: a controller or the Service is at fault. */
function unlisted(sentence: string, view: ClusterView): HarnessError {
  const endpoints = readyEndpoints(view);
  const missing = readyPods(view).filter(({ name }) => !endpoints.has(name));
  const warning = view.warnings.at(-1);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    return new HarnessError(
      "WORKLOAD_NOT_READY",
      `${sentence}; the Service lists ${endpoints.size} ready endpoint(s), and not ${names}.`,
      {
        hint: "The Service's selector must match the labels of the pod template, and its name must be the scenario's `service`.",
      },
    );
  }
  const said = warning === undefined ? "" : `; ${warning.reason}: "${warning.message}"`;
  return new HarnessError("WORKLOAD_NOT_READY", `${sentence}${said}.`, {
    hint: "No pod is in trouble, so look at what should create them: `kubectl describe` of the workload and its ReplicaSet. If all goes well and is only slow, raise the scenario's deadline.",
  });
}

async function logOf(
  { pod, container }: PodTrouble,
  { cluster, workload, signal }: Readiness,
): Promise<string> {
  if (container === undefined) return "";
  const source = { namespace: workload.namespace, pod: pod.name, container: container.name };
  try {
    return await cluster.readLogTail(source, LOG_LINES, signal);
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    return ""; // the log is a courtesy: that it cannot be had must not hide what was found
  }
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
