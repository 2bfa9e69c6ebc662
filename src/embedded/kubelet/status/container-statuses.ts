import type { Container, ContainerState, ContainerStatus } from "#embedded/api/objects.ts";
import { isSidecar, shouldStart } from "#embedded/kubelet/restart-policy.ts";
import { timestamp } from "#embedded/kubelet/timestamp.ts";
import { type ContainerInstance, currentInstance, type PodView } from "./pod-view.ts";
import { isReady, isStarted } from "./readiness.ts";

/** The statuses of `containers` (all init or all regular ones), in the order of the spec. */
export function containerStatuses(
  containers: readonly Container[],
  view: PodView,
): ContainerStatus[] {
  return containers.map((container) => containerStatus(container, view));
}

/** The same for those that only look: they are never ready, and nobody asks whether they have started. */
export function ephemeralStatuses(view: PodView): ContainerStatus[] {
  return (view.pod.spec.ephemeralContainers ?? []).map((container) => {
    const { started: _started, ...status } = containerStatus(container, view);
    return { ...status, ready: false };
  });
}

function containerStatus(container: Container, view: PodView): ContainerStatus {
  const current = currentInstance(view, container.name);
  const { state, lastState } = states(container, view);
  return {
    name: container.name,
    state,
    lastState,
    ready: isOrdinaryInit(container, view)
      ? isInitDone(container, view, current)
      : isReady(container, view),
    restartCount: current?.restartCount ?? 0,
    image: container.image,
    imageID: current?.imageID ?? "",
    started: isStarted(container, view),
    ...(current === undefined ? {} : begun(current, container)),
  };
}

/** What is known of a container from its first start on. */
function begun({ id, user }: ContainerInstance, container: Container): Partial<ContainerStatus> {
  const identity = user === undefined ? {} : { user: { linux: user } };
  return { containerID: id, ...allocation(container), ...identity };
}

function allocation({ resources = {} }: Container): Partial<ContainerStatus> {
  const { requests } = resources;
  return { ...(requests === undefined ? {} : { allocatedResources: requests }), resources };
}

/** An init container is ready when it has done its work, and from then on for ever; not while it runs. */
function isInitDone(
  container: Container,
  view: PodView,
  current: ContainerInstance | undefined,
): boolean {
  const exitCode = current?.state.type === "exited" ? current.state.exitCode : undefined;
  return isOrdinaryInit(container, view) && exitCode === 0;
}

function isOrdinaryInit(container: Container, { pod }: PodView): boolean {
  return pod.spec.initContainers?.includes(container) === true && !isSidecar(container);
}

function states(
  container: Container,
  view: PodView,
): { readonly state: ContainerState; readonly lastState: ContainerState } {
  const [current, previous] = view.instances.get(container.name) ?? [];
  const failure = view.startFailures.get(container.name);
  const waits = failure !== undefined && shouldStart(container, view.pod, current);
  if (waits && !isInitDone(container, view, current)) {
    const lastState = current?.state.type === "exited" ? instanceState(current) : {};
    return { state: { waiting: waitingState(failure) }, lastState };
  }
  const lastState = previous === undefined ? {} : instanceState(previous);
  if (current !== undefined) return { state: instanceState(current), lastState };
  const hasInit = (view.pod.spec.initContainers ?? []).length > 0;
  const reason = hasInit ? "PodInitializing" : "ContainerCreating";
  return { state: { waiting: { reason } }, lastState };
}

function waitingState(failure: { readonly reason: string; readonly message: string }) {
  return failure.message === "" ? { reason: failure.reason } : { ...failure };
}

function instanceState({ id, state }: ContainerInstance): ContainerState {
  if (state.type === "running") return { running: { startedAt: timestamp(state.startedAtMs) } };
  return {
    terminated: {
      exitCode: state.exitCode,
      reason: state.reason,
      ...(state.message === undefined ? {} : { message: state.message }),
      startedAt: timestamp(state.startedAtMs),
      finishedAt: timestamp(state.finishedAtMs),
      containerID: id,
    },
  };
}
