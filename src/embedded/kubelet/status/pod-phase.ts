import type { Container, ContainerStatus, Pod, PodStatus } from "#embedded/api/objects.ts";
import { isSidecar } from "#embedded/kubelet/restart-policy.ts";
import type { Statuses } from "./final-statuses.ts";

/** The phase that follows from the container statuses; `over` says that nothing will be restarted. */
export function podPhase(
  pod: Pod,
  statuses: Statuses,
  over: boolean,
): NonNullable<PodStatus["phase"]> {
  const init = tallyInit(pod, statuses.init);
  const regular = tally(statuses.regular);
  const sidecars = tallySidecars(pod, statuses.init);
  const policy = pod.spec.restartPolicy ?? "Always";
  if (init.failed > 0 && policy === "Never") return "Failed";
  const initialized = regular.running + regular.stopped > 0;
  if (init.pending > 0 || (sidecars.pending > 0 && !initialized)) return "Pending";
  if (regular.waiting + sidecars.waiting > 0) return "Pending";
  if (regular.running + sidecars.running > 0) return "Running";
  if (regular.stopped === 0) return "Pending";
  const outcome = regular.stopped === regular.succeeded ? "Succeeded" : "Failed";
  if (over) return outcome;
  if (policy === "Always") return "Running";
  if (policy === "Never" || outcome === "Succeeded") return outcome;
  return "Running";
}

interface Tally {
  readonly running: number;
  readonly waiting: number;
  readonly stopped: number;
  readonly succeeded: number;
}

/** A container that waits for its restart counts as stopped, one that never ran as waiting. */
function tally(statuses: readonly ContainerStatus[]): Tally {
  const count = (is: (status: ContainerStatus) => boolean) => statuses.filter(is).length;
  return {
    running: count(({ state }) => state.running !== undefined),
    waiting: count(({ state, lastState }) => isWaiting(state) && !lastState.terminated),
    stopped: count(
      ({ state, lastState }) =>
        state.terminated !== undefined || (isWaiting(state) && lastState.terminated !== undefined),
    ),
    succeeded: count(({ state }) => state.terminated?.exitCode === 0),
  };
}

function isWaiting(state: ContainerStatus["state"]): boolean {
  return state.running === undefined && state.terminated === undefined;
}

function tallyInit(pod: Pod, statuses: readonly ContainerStatus[]) {
  const init = pairs(pod.spec.initContainers, statuses).filter(([spec]) => !isSidecar(spec));
  const lastExit = ({ state, lastState }: ContainerStatus) =>
    (state.terminated ?? (isWaiting(state) ? lastState.terminated : undefined))?.exitCode;
  return {
    pending: init.filter(([, status]) => lastExit(status) === undefined).length,
    failed: init.filter(([, status]) => (lastExit(status) ?? 0) !== 0).length,
  };
}

/** How a sidecar ended never matters to the phase; only whether it has come up. */
function tallySidecars(pod: Pod, statuses: readonly ContainerStatus[]) {
  const sidecars = pairs(pod.spec.initContainers, statuses)
    .filter(([spec]) => isSidecar(spec))
    .map(([, status]) => status);
  const { running, waiting } = tally(sidecars);
  const starting = sidecars.filter(({ state, started }) => state.running && !started).length;
  return { running, waiting, pending: waiting + starting };
}

function pairs(
  specs: readonly Container[] | undefined,
  statuses: readonly ContainerStatus[],
): readonly (readonly [Container, ContainerStatus])[] {
  return (specs ?? []).flatMap((spec) => {
    const status = statuses.find(({ name }) => name === spec.name);
    return status === undefined ? [] : [[spec, status] as const];
  });
}
