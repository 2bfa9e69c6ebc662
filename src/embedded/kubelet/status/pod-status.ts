import type { Condition, Pod, PodStatus } from "#embedded/api/objects.ts";
import { qosClassOf } from "#embedded/api/qos-class.ts";
import { timestamp } from "#embedded/kubelet/timestamp.ts";
import { containerStatuses, ephemeralStatuses } from "./container-statuses.ts";
import { finalStatuses, type Statuses } from "./final-statuses.ts";
import { type BareCondition, podConditions } from "./pod-conditions.ts";
import { podPhase } from "./pod-phase.ts";
import type { PodView } from "./pod-view.ts";

/** Where a pod is in its life, as far as the status is concerned. */
export type Stage =
  /** Containers are started and restarted as the spec says. */
  | "syncing"
  /** Nothing is restarted any more; something may still run, so the phase is not terminal yet. */
  | "terminating"
  /** Everything has ended, and the status says how; what never began is still waiting. */
  | "stopped"
  /** Nothing of the pod runs or will run, and each has ended somehow. */
  | "terminated";

export interface StatusInput extends PodView {
  readonly stage: Stage;
  /** The pod as the worker was last told to do something about it: later news of its status do not count. */
  readonly actedOn?: Pod;
  readonly hostIP: string;
  readonly startedAtMs: number;
  readonly nowMs: number;
  /** Why the kubelet itself ends this pod (`Terminated`, …); part of the final status only. */
  readonly cause?: { readonly reason: string; readonly message: string };
}

/** The status that the kubelet reports, before it is merged with what the API server holds. */
export function podStatus(input: StatusInput): PodStatus {
  const { pod, stage, sandbox } = input;
  const seen = {
    init: containerStatuses(pod.spec.initContainers ?? [], input),
    regular: containerStatuses(pod.spec.containers, input),
  };
  const ephemeral = ephemeralStatuses(input);
  const over = stage === "stopped" || stage === "terminated";
  const phase = phaseOf(input, seen, over);
  const present = pod.status.conditions ?? [];
  // They follow from what was seen: that a pod fails because it never began is said by its phase alone.
  const bare = podConditions({
    ...{ pod, phase, ...seen, present },
    sandboxReady: sandbox.ready && !over,
  });
  const isLast = stage === "terminated";
  const statuses = isLast ? finalStatuses(input.actedOn ?? pod, seen) : seen;
  const disruption = over ? disruptionTarget(input.cause) : [];
  const observed = observedGeneration(input);
  const lastTransitionTime = timestamp(input.nowMs);
  return {
    ...observed,
    phase: isLast && !isTerminal(phase) ? "Failed" : phase,
    conditions: [...disruption, ...bare].map(({ type, status, ...why }) => {
      return { type, ...observed, status, lastProbeTime: null, lastTransitionTime, ...why };
    }),
    ...(over ? input.cause : {}),
    hostIP: input.hostIP,
    hostIPs: [{ ip: input.hostIP }],
    ...(sandbox.ip === undefined ? {} : { podIP: sandbox.ip, podIPs: [{ ip: sandbox.ip }] }),
    startTime: timestamp(input.startedAtMs),
    ...(statuses.init.length === 0 ? {} : { initContainerStatuses: [...statuses.init] }),
    containerStatuses: [...statuses.regular],
    ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral }),
    qosClass: pod.status.qosClass ?? qosClassOf(pod.spec),
    resources: pod.spec["resources"] ?? {},
  };
}

/**
 * Combines a new status with the stored one: conditions of others stay, a condition that keeps its
 * status keeps its transition time, and a terminal phase is held back while something may still run.
 */
export function mergeStatus(stored: PodStatus, status: PodStatus, stage: Stage): PodStatus {
  const before = stored.conditions ?? [];
  const conditions = (status.conditions ?? []).map((condition) =>
    withTransition(condition, before),
  );
  const ours = new Set(conditions.map(({ type }) => type));
  const mayRun = stage === "syncing" || stage === "terminating";
  const phase = mayRun && isTerminal(status.phase) ? stored.phase : status.phase;
  return {
    ...pick(stored, "nominatedNodeName", "resize", "resourceClaimStatuses", "podIP", "podIPs"),
    ...status,
    ...(phase === undefined ? {} : { phase }),
    conditions: [...before.filter(({ type }) => !ours.has(type)), ...conditions],
    ...pick(stored, "startTime"),
  };
}

/** Succeeded and Failed are for ever. */
export function isTerminal(phase: PodStatus["phase"]): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

/** The one reason of a kubelet that is the pod's own fault: however it ends, it has failed. */
const DEADLINE = "DeadlineExceeded";

function phaseOf(
  { pod, cause }: StatusInput,
  statuses: Statuses,
  over: boolean,
): NonNullable<PodStatus["phase"]> {
  return cause?.reason === DEADLINE ? "Failed" : podPhase(pod, statuses, over);
}

function disruptionTarget(cause: StatusInput["cause"]): readonly BareCondition[] {
  if (cause === undefined || cause.reason === DEADLINE) return [];
  const reason = "TerminationByKubelet";
  return [{ type: "DisruptionTarget", status: "True", reason, message: cause.message }];
}

function withTransition(condition: Condition, before: readonly Condition[]): Condition {
  const old = before.find(({ type }) => type === condition.type);
  if (old?.status !== condition.status) return condition;
  const { lastTransitionTime } = old;
  return lastTransitionTime == null ? condition : { ...condition, lastTransitionTime };
}

function observedGeneration({ pod }: PodView): { observedGeneration?: number } {
  const { generation } = pod.metadata;
  return generation === undefined ? {} : { observedGeneration: generation };
}

function pick(stored: PodStatus, ...fields: readonly string[]): Partial<PodStatus> {
  return Object.fromEntries(
    fields.filter((field) => stored[field] !== undefined).map((field) => [field, stored[field]]),
  );
}
