import type { Condition, ContainerStatus, Pod, PodStatus } from "#embedded/api/objects.ts";
import { isSidecar, longRunningContainers } from "#embedded/kubelet/restart-policy.ts";

/** A condition before it has met its predecessor: no transition time yet. */
export type BareCondition = Pick<Condition, "type" | "status" | "reason" | "message">;

export interface ConditionInput {
  readonly pod: Pod;
  readonly phase: NonNullable<PodStatus["phase"]>;
  readonly init: readonly ContainerStatus[];
  readonly regular: readonly ContainerStatus[];
  readonly sandboxReady: boolean;
  /** Where the readiness gates are looked up. */
  readonly present: readonly Condition[];
}

/** The kubelet's conditions in the order in which it lists them. */
export function podConditions(input: ConditionInput): readonly BareCondition[] {
  const containersReady = containersReadyCondition(input);
  return [
    { type: "PodReadyToStartContainers", status: input.sandboxReady ? "True" : "False" },
    initializedCondition(input),
    readyCondition(input, containersReady),
    { type: "ContainersReady", ...containersReady },
    { type: "PodScheduled", status: "True" },
  ];
}

function initializedCondition({ pod, phase, init, regular }: ConditionInput): BareCondition {
  const type = "Initialized";
  if (phase === "Succeeded") return { type, status: "True", reason: "PodCompleted" };
  const begun = regular.some(({ state, lastState }) => {
    return state.running ?? state.terminated ?? lastState.terminated;
  });
  const incomplete = (pod.spec.initContainers ?? []).filter((container) => {
    const status = init.find(({ name }) => name === container.name);
    return isSidecar(container) ? status?.started !== true : status?.ready !== true;
  });
  if (begun || incomplete.length === 0) return { type, status: "True" };
  const message = `containers with incomplete status: ${bracketed(incomplete)}`;
  return { type, status: "False", reason: "ContainersNotInitialized", message };
}

function containersReadyCondition(input: ConditionInput): Omit<BareCondition, "type"> {
  if (input.phase === "Succeeded") return { status: "False", reason: "PodCompleted" };
  if (input.phase === "Failed") return { status: "False", reason: "PodFailed" };
  const statuses = [...input.init, ...input.regular];
  const unready = longRunningContainers(input.pod).filter(
    ({ name }) => statuses.find((status) => status.name === name)?.ready !== true,
  );
  if (unready.length === 0) return { status: "True" };
  const message = `containers with unready status: ${bracketed(unready)}`;
  return { status: "False", reason: "ContainersNotReady", message };
}

/** Ready needs the containers and every readiness gate, whose conditions somebody else sets. */
function readyCondition(
  { pod, present }: ConditionInput,
  containersReady: Omit<BareCondition, "type">,
): BareCondition {
  if (containersReady.status !== "True") return { type: "Ready", ...containersReady };
  const problems = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const status = present.find(({ type }) => type === conditionType)?.status;
    const gate = JSON.stringify(conditionType);
    if (status === "True") return [];
    return status === undefined
      ? [`corresponding condition of pod readiness gate ${gate} does not exist.`]
      : [`the status of pod readiness gate ${gate} is not "True", but ${status}`];
  });
  if (problems.length === 0) return { type: "Ready", status: "True" };
  const message = problems.join(", ");
  return { type: "Ready", status: "False", reason: "ReadinessGatesNotReady", message };
}

function bracketed(containers: readonly { readonly name: string }[]): string {
  return `[${containers.map(({ name }) => name).join(" ")}]`;
}
