import type { Disruption } from "./disruption.ts";
import { NODE_MONITOR_GRACE_MS, type Toleration, unreachableSeconds } from "./unreachable-node.ts";
import type { KubernetesObject } from "./workload.ts";

/**
 * How long a disruption must last even on an infinitely fast cluster, because the workload's own settings
 * ask for it: each wave of new pods waits for `minReadySeconds` and the probe's initial delay, and the last
 * wave of old pods for its preStop sleep and then for the slowest request that is still in flight.
 */
export function demandedWaitMs(
  disruption: Disruption,
  workload: KubernetesObject,
  slowestAnswerMs: number,
): number {
  const settings = readSettings(workload);
  const leavingMs = settings.preStopMs + slowestAnswerMs;
  switch (disruption.type) {
    case "rolling-update":
    case "rollout-undo":
      return settings.waves * settings.readyMs + leavingMs;
    case "delete-pods":
    case "evict-pods":
    case "drain-nodes":
    case "taint-nodes":
    case "shut-down-nodes":
      return Math.max(settings.readyMs, leavingMs);
    case "signal-pods":
      return settings.readyMs;
    case "lose-nodes":
      return settings.unreachableMs + settings.readyMs;
    case "scale":
      return leavingMs + (disruption.andBack ? settings.readyMs : 0);
    case "cordon-nodes":
    case "uncordon-nodes":
    case "turn-on-nodes":
    case "delete-job":
    case "delete-namespace":
    case "argo-rollout":
      return 0; // what they ask for is not the workload's own
    case "none":
      return disruption.durationMs;
  }
}

interface Settings {
  readonly waves: number;
  readonly readyMs: number;
  readonly preStopMs: number;
  /** From the loss of a node until its pods are deleted. */
  readonly unreachableMs: number;
}

/** Only the fields that make somebody wait; everything else of the object stays unread. */
interface WorkloadSpec {
  readonly replicas?: number;
  readonly minReadySeconds?: number;
  readonly strategy?: {
    readonly rollingUpdate?: { readonly maxSurge?: Size; readonly maxUnavailable?: Size };
  };
  readonly template?: {
    readonly spec?: {
      readonly containers?: readonly ContainerSpec[];
      readonly tolerations?: readonly Toleration[];
    };
  };
}

interface ContainerSpec {
  readonly readinessProbe?: { readonly initialDelaySeconds?: number };
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds?: number } } };
}

type Size = number | string;

function readSettings(workload: KubernetesObject): Settings {
  const spec = (workload["spec"] ?? {}) as WorkloadSpec; // an object that the API server accepted
  const replicas = spec.replicas ?? 1;
  const rolling = spec.strategy?.rollingUpdate;
  // Kubernetes' defaults: 25 % each, the surge rounded up and the unavailable rounded down.
  const surge = absolute(rolling?.maxSurge ?? "25%", replicas, Math.ceil);
  const unavailable = absolute(rolling?.maxUnavailable ?? "25%", replicas, Math.floor);
  const containers = spec.template?.spec?.containers ?? [];
  const longest = (seconds: (container: ContainerSpec) => number | undefined) =>
    Math.max(0, ...containers.map((container) => seconds(container) ?? 0)) * 1000;
  return {
    waves: Math.ceil(replicas / Math.max(1, surge + unavailable)),
    readyMs:
      (spec.minReadySeconds ?? 0) * 1000 +
      longest(({ readinessProbe }) => readinessProbe?.initialDelaySeconds),
    unreachableMs:
      NODE_MONITOR_GRACE_MS + unreachableSeconds(spec.template?.spec?.tolerations ?? []) * 1000,
    preStopMs: longest(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds),
  };
}

function absolute(size: Size, of: number, round: (share: number) => number): number {
  if (typeof size === "number") return size;
  return size.endsWith("%")
    ? round((Number.parseFloat(size) / 100) * of)
    : Number.parseInt(size, 10);
}
