import type { Container, ContainerStatus, KubeObject, Pod } from "#embedded/api/objects.ts";
import { ageOf } from "./age.ts";
import { columns, type TablePrinter } from "./table.ts";

/** The table of `kubectl get pods`. */
export const POD_TABLE: TablePrinter = {
  columns: columns(
    "Name",
    "Ready",
    "Status",
    "Restarts",
    "Age",
    "IP*",
    "Node*",
    "Nominated Node*",
    "Readiness Gates*",
  ),
  cells: (object: KubeObject, nowMs: number) => {
    const { metadata, spec, status } = object as Pod;
    const sidecars = (spec.initContainers ?? []).filter(isSidecar);
    const summary = summarize(object as Pod);
    return [
      metadata.name,
      `${summary.ready}/${spec.containers.length + sidecars.length}`,
      summary.status,
      restartText(summary, nowMs),
      ageOf(metadata.creationTimestamp, nowMs),
      status.podIP ?? "<none>",
      spec.nodeName ?? "<none>",
      status["nominatedNodeName"] ?? "<none>",
      readinessGates(object as Pod),
    ];
  },
};

interface PodSummary {
  readonly ready: number;
  readonly status: string;
  readonly restarts: number;
  readonly lastRestartAt?: string;
}

function summarize(pod: Pod): PodSummary {
  const { metadata, status } = pod;
  const init = summarizeInit(pod);
  const statuses = status.containerStatuses ?? [];
  const initialized = status.conditions?.some(
    ({ type, status }) => type === "Initialized" && status === "True",
  );
  const begin = status.reason ?? gatedReason(pod) ?? status.phase ?? "";
  const isInitializing = init.status !== undefined && initialized !== true;
  const reason = isInitializing ? (init.status ?? begin) : regularReason(pod, init.status ?? begin);
  const isTerminal = status.phase === "Succeeded" || status.phase === "Failed";
  const isLeaving = metadata.deletionTimestamp !== undefined;
  const counted = isInitializing ? [] : statuses;
  const restarted = isInitializing ? init.all : [...init.sidecars, ...counted];
  const lastRestartAt = restarted
    .map(({ lastState }) => lastState.terminated?.finishedAt ?? "")
    .toSorted()
    .at(-1);
  return {
    ready: init.ready + counted.filter(({ ready, state }) => ready && state.running).length,
    status: leavingStatus(isLeaving, isTerminal, status.reason) ?? reason,
    restarts: restarted.reduce((sum, { restartCount }) => sum + restartCount, 0),
    ...(lastRestartAt === undefined || lastRestartAt === "" ? {} : { lastRestartAt }),
  };
}

function leavingStatus(
  isLeaving: boolean,
  isTerminal: boolean,
  reason: string | undefined,
): string | undefined {
  if (!isLeaving) return undefined;
  if (reason === "NodeLost") return "Unknown";
  return isTerminal ? undefined : "Terminating";
}

function gatedReason({ status }: Pod): string | undefined {
  const scheduled = status.conditions?.find(({ type }) => type === "PodScheduled");
  return scheduled?.reason === "SchedulingGated" ? "SchedulingGated" : undefined;
}

interface InitSummary {
  /** Set while an init container keeps the pod from starting. */
  readonly status?: string;
  readonly ready: number;
  readonly all: readonly ContainerStatus[];
  readonly sidecars: readonly ContainerStatus[];
}

function summarizeInit({ spec, status }: Pod): InitSummary {
  const containers = spec.initContainers ?? [];
  const all = status.initContainerStatuses ?? [];
  const sidecarNames = new Set(containers.filter(isSidecar).map(({ name }) => name));
  const sidecars = all.filter(({ name }) => sidecarNames.has(name));
  const isStarted = (one: ContainerStatus) => sidecarNames.has(one.name) && one.started === true;
  const ready = sidecars.filter((one) => isStarted(one) && one.ready).length;
  const index = all.findIndex((one) => !isStarted(one) && one.state.terminated?.exitCode !== 0);
  const blocking = all[index];
  if (blocking === undefined) return { ready, all, sidecars };
  return { status: initReason(blocking, index, containers.length), ready, all, sidecars };
}

function initReason({ state }: ContainerStatus, index: number, total: number): string {
  const { terminated, waiting } = state;
  if (terminated !== undefined) {
    if (terminated.reason !== "") return `Init:${terminated.reason}`;
    return `Init:${exitText(terminated)}`;
  }
  const reason = waiting?.reason ?? "";
  return reason === "" || reason === "PodInitializing"
    ? `Init:${index}/${total}`
    : `Init:${reason}`;
}

/** The first container that has something to tell gives the pod its status. */
function regularReason({ status }: Pod, begin: string): string {
  let reason = begin;
  let hasRunning = false;
  for (const { state, ready } of (status.containerStatuses ?? []).toReversed()) {
    const { waiting, terminated } = state;
    if (waiting !== undefined && waiting.reason !== "") reason = waiting.reason;
    else if (terminated !== undefined) reason = terminated.reason || exitText(terminated);
    else if (ready && state.running !== undefined) hasRunning = true;
  }
  if (reason !== "Completed" || !hasRunning) return reason;
  const isReady = status.conditions?.some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
  return isReady === true ? "Running" : "NotReady";
}

function exitText({ signal = 0, exitCode }: { signal?: number; exitCode: number }): string {
  return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
}

function restartText({ restarts, lastRestartAt }: PodSummary, nowMs: number): string {
  if (restarts === 0 || lastRestartAt === undefined) return String(restarts);
  return `${restarts} (${ageOf(lastRestartAt, nowMs)} ago)`;
}

function readinessGates({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const passed = gates.filter(({ conditionType }) =>
    status.conditions?.some(({ type, status }) => type === conditionType && status === "True"),
  );
  return `${passed.length}/${gates.length}`;
}

function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === "Always";
}
