import type { Container } from "#embedded/api/objects.ts";
import { resizeOf } from "./resize.ts";
import { isSidecar, shouldStart } from "./restart-policy.ts";
import { currentInstance, type PodView } from "./status/pod-view.ts";
import { isStarted } from "./status/readiness.ts";

/** Why a running container is killed while its pod lives on. */
export type KillReason = "liveness-probe" | "startup-probe" | "definition-changed" | "resized";

/** A container that has to be ended while its pod lives on. */
export interface Kill {
  readonly container: Container;
  readonly reason: KillReason;
  /** The text of the Killing event. */
  readonly message: string;
}

/** What a worker does next; level-based: the same view always asks for the same. */
export interface NextActions {
  /** Nothing will run any more: what is left (sidecars) is stopped, and the pod is over. */
  readonly stopPod: boolean;
  readonly kill: readonly Kill[];
  readonly start: readonly Container[];
}

/** Ephemeral containers do not wait for their turn; they are started once, whatever becomes of them. */
export function nextActions(view: PodView): NextActions {
  const actions = actionsForOthers(view);
  const { ephemeralContainers = [] } = view.pod.spec;
  const added = ephemeralContainers.filter(({ name }) => currentInstance(view, name) === undefined);
  const waits = !view.sandbox.ready || actions.stopPod || isDeleted(view);
  return waits || added.length === 0
    ? actions
    : { ...actions, start: [...added, ...actions.start] };
}

function isDeleted({ pod }: PodView): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/**
 * Init containers run one after the other, a sidecar counting as done once it has started; then all
 * regular containers at once. After that everything is restarted as its policy says.
 */
function actionsForOthers(view: PodView): NextActions {
  const { spec } = view.pod;
  const init = spec.initContainers ?? [];
  const begun = spec.containers.some(({ name }) => currentInstance(view, name) !== undefined);
  const initializing = begun ? undefined : initialize(init, view);
  if (initializing !== undefined) return initializing;
  const sidecars = inspect(init.filter(isSidecar), view);
  const regular = inspect(spec.containers, view);
  if (regular.start.length === 0 && regular.kept === 0) {
    return { stopPod: true, kill: [], start: [] };
  }
  return {
    stopPod: false,
    kill: [...sidecars.kill, ...regular.kill],
    start: [...sidecars.start, ...regular.start],
  };
}

/** Undefined once every init container is done. */
function initialize(init: readonly Container[], view: PodView): NextActions | undefined {
  const kill: Kill[] = [];
  const start: Container[] = [];
  const wait = () => ({ stopPod: false, kill, start });
  for (const container of init) {
    const current = currentInstance(view, container.name);
    if (current === undefined) {
      start.push(container);
      return wait();
    }
    if (isSidecar(container)) {
      const found = inspect([container], view);
      kill.push(...found.kill);
      start.push(...found.start);
      if (!isStarted(container, view)) return wait();
    } else {
      if (current.state.type === "running") return wait();
      if (current.state.exitCode !== 0) {
        if (!shouldStart(container, view.pod, current))
          return { stopPod: true, kill: [], start: [] };
        start.push(container);
        return wait();
      }
    }
  }
  return kill.length + start.length > 0 ? wait() : undefined;
}

function inspect(containers: readonly Container[], view: PodView) {
  const kill: Kill[] = [];
  const start: Container[] = [];
  let kept = 0;
  for (const container of containers) {
    const current = currentInstance(view, container.name);
    if (current?.state.type !== "running") {
      if (shouldStart(container, view.pod, current)) start.push(container);
      continue;
    }
    const found = whyKill(container, view);
    if (found === undefined) {
      kept += 1;
      continue;
    }
    const isNew = found.reason === "definition-changed" || found.reason === "resized";
    const restarts = isNew || restartsOnFailure(container, view);
    const message =
      restarts && found.reason !== "resized"
        ? `${found.message}, will be restarted`
        : found.message;
    kill.push({ container, reason: found.reason, message });
    if (restarts) start.push(container);
  }
  return { kill, start, kept };
}

function whyKill(container: Container, view: PodView): Omit<Kill, "container"> | undefined {
  const current = currentInstance(view, container.name);
  const verdicts = current === undefined ? undefined : view.verdicts.get(current.id);
  const name = `Container ${container.name}`;
  if (current !== undefined && current.image !== container.image) {
    return { reason: "definition-changed", message: `${name} definition changed` };
  }
  if (current !== undefined && resizeOf(current.resources, container) === "restart") {
    return { reason: "resized", message: `${name} resize requires restart` };
  }
  if (verdicts?.liveness === "failure") {
    return { reason: "liveness-probe", message: `${name} failed liveness probe` };
  }
  if (verdicts?.startup === "failure") {
    return { reason: "startup-probe", message: `${name} failed startup probe` };
  }
  return undefined;
}

function restartsOnFailure(container: Container, view: PodView): boolean {
  return isSidecar(container) || view.pod.spec.restartPolicy !== "Never";
}
