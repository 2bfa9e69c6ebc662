import type { ContainerState, ContainerStatus, Pod } from "#embedded/api/objects.ts";
import { isSidecar } from "#embedded/kubelet/restart-policy.ts";

/** What a container shows that was still expected to run when its pod was already terminated. */
const NEVER_FOUND: ContainerState = {
  terminated: {
    exitCode: 137,
    reason: "ContainerStatusUnknown",
    message: "The container could not be located when the pod was terminated",
    startedAt: null,
    finishedAt: null,
  },
};

export interface Statuses {
  readonly init: readonly ContainerStatus[];
  readonly regular: readonly ContainerStatus[];
}

/**
 * Once a pod is terminated, each container has ended that may have begun, whoever saw it: the regular ones
 * if the pod, as it was last told to its worker, had initialized, and init containers up to the last that
 * was tried. The others go on waiting for ever.
 */
export function finalStatuses(pod: Pod, { init, regular }: Statuses): Statuses {
  const lastTried = init.findLastIndex(
    ({ state, lastState }) => state.waiting === undefined || lastState.terminated !== undefined,
  );
  return {
    init: init.map((status, index) => (index <= Math.max(0, lastTried) ? ended(status) : status)),
    regular: wasInitialized(pod) ? regular.map(ended) : regular,
  };
}

function ended(status: ContainerStatus): ContainerStatus {
  return status.state.terminated === undefined ? { ...status, state: NEVER_FOUND } : status;
}

function wasInitialized({ spec, status }: Pod): boolean {
  const last = spec.initContainers?.at(-1);
  if (last === undefined) return true;
  const begun = (status.containerStatuses ?? []).some(
    ({ state, lastState }) => state.running ?? state.terminated ?? lastState.terminated,
  );
  const { state, lastState, started } = status.initContainerStatuses?.at(-1) ?? {};
  if (begun) return true;
  if (isSidecar(last)) return state?.running !== undefined && started === true;
  return (state?.terminated ?? lastState?.terminated)?.exitCode === 0;
}
