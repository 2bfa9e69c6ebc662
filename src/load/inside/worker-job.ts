import { LOAD_WORKER_LABEL } from "#domain/load-worker.ts";
import { MANAGED_BY, RUN_LABEL } from "#domain/undo-step.ts";
import type { KubernetesObject } from "#domain/workload.ts";

/** Where a worker's files grow until they are passed on; the rest of its file system is read-only. */
export const SCRATCH = "/scratch";
/** The name of a worker's one container. */
export const CONTAINER = "load";

/** Nobody's run takes so long; what a killed one leaves, and nobody cleans up, ends then. */
const LIMIT_SECONDS = 6 * 3_600;
const KEPT_SECONDS = 300;

interface WorkerJobOptions {
  readonly namespace: string;
  readonly runId: string;
  readonly workers: number;
  readonly image: string;
  /** What in the image is the program of a worker. */
  readonly program: readonly string[];
}

/**
 * The Job whose pods offer the load. They wait for an exec, have no rights on the API, satisfy the Pod
 * Security Standard "restricted", and are spread over the nodes. A taint that evicts pods, as a disruption
 * may set it, leaves them: they are the ones who watch.
 */
export function workerJob({
  namespace,
  runId,
  workers,
  ...container
}: WorkerJobOptions): KubernetesObject {
  const labels = { ...MANAGED_BY, [RUN_LABEL]: runId };
  const ofWorkers = { ...labels, [LOAD_WORKER_LABEL]: runId };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: `lastcall-load-${runId}`, namespace, labels },
    spec: {
      completionMode: "Indexed",
      completions: workers,
      parallelism: workers,
      backoffLimit: 0,
      activeDeadlineSeconds: LIMIT_SECONDS,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: { metadata: { labels: ofWorkers }, spec: podSpec(container, ofWorkers) },
    },
  };
}

function podSpec(
  { image, program }: Pick<WorkerJobOptions, "image" | "program">,
  matchLabels: Readonly<Record<string, string>>,
) {
  return {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 2,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    tolerations: [{ operator: "Exists", effect: "NoExecute" }],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels },
      },
    ],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: CONTAINER,
        image,
        imagePullPolicy: "IfNotPresent",
        command: [...program, "--wait"],
        resources: { requests: { cpu: "100m", memory: "128Mi" } },
        securityContext: {
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [{ name: "scratch", mountPath: SCRATCH }],
      },
    ],
    volumes: [{ name: "scratch", emptyDir: {} }],
  };
}
