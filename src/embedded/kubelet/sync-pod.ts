import type { Container, Pod } from "#embedded/api/objects.ts";
import { describeDelay, LATENESS } from "./back-off.ts";
import type { PodFacts } from "./downward-api.ts";
import { type EventText, podSubject } from "./events.ts";
import { type Kill, nextActions } from "./next-actions.ts";
import type { NodeContext } from "./node-context.ts";
import type { PodContainers } from "./pod-containers.ts";
import { SandboxError } from "./pod-sandboxes.ts";
import type { PodState } from "./pod-state.ts";
import { resizeEvents, resizeOf } from "./resize.ts";
import { startContainer } from "./start-container.ts";
import { StartRefusal } from "./start-refusal.ts";
import { currentInstance } from "./status/pod-view.ts";
import { terminateContainer } from "./terminate-container.ts";
import { terminatePod } from "./terminate-pod.ts";
import { VolumeError } from "./volume-files.ts";
import { hasChangingVolumes, refreshVolumes, setUpVolumes, type VolumeInput } from "./volumes.ts";

export interface PodSyncOptions {
  readonly node: NodeContext;
  readonly state: PodState;
  readonly containers: PodContainers;
  readonly podDirectory: string;
  /** For what the pod keeps in memory. */
  readonly memoryDirectory: string;
  readonly lifetime: AbortSignal;
  wake(afterMs: number): void;
}

/** A volume that could not be set up is often missing for a moment only; the wait doubles. */
const FIRST_MOUNT_RETRY_MS = 500;

/** Does what the pod needs next, once: kills, sandbox, volumes, starts. */
export class PodSync {
  readonly #options: PodSyncOptions;
  readonly #notBeforeMs = new Map<string, number>();
  #mountRetryMs = FIRST_MOUNT_RETRY_MS / 2;
  #places: ReadonlyMap<string, string> | undefined;
  #refreshedFor: Pod | undefined;
  #refreshDueAtMs = 0;
  #secondLookAtMs = 0;
  readonly #killed = new Set<string>();

  constructor(options: PodSyncOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { state } = this.#options;
    this.#resize();
    const actions = nextActions(state.view());
    await this.#refreshVolumes();
    if (actions.stopPod) return this.#stopContainers();
    for (const kill of actions.kill) await this.#kill(kill);
    if (actions.start.length === 0 || !(await this.#prepare())) return;
    for (const container of actions.start) await this.#start(container);
  }

  /** What needs no restart has its new resources at once; what does is killed for it, and started with them. */
  #resize(): void {
    const { node, state, containers } = this.#options;
    const { spec } = state.pod;
    const all = [...(spec.initContainers ?? []), ...spec.containers];
    const view = state.view();
    const resizes = all.map((container) => {
      const current = currentInstance(view, container.name);
      const isRunning = current?.state.type === "running";
      return { container, how: isRunning ? resizeOf(current.resources, container) : "none" };
    });
    if (resizes.every(({ how }) => how === "none")) return;
    for (const text of resizeEvents(state.pod)) node.events.record(podSubject(state.pod), text);
    for (const { container, how } of resizes) {
      if (how !== "in-place") continue;
      containers.newest(container.name)?.memory.limit(container);
      containers.resize(container);
    }
    state.observe();
    state.report();
  }

  /** What a program reads from volumes follows the objects that they show. */
  async #refreshVolumes(): Promise<void> {
    const { node, state, wake } = this.#options;
    if (this.#places === undefined || !hasChangingVolumes(state.pod)) return;
    // What the pod says of itself shows at once; other objects are read when it is time, not at every look.
    const leftMs = this.#refreshedFor === state.actedOn ? this.#refreshDueAtMs - Date.now() : 0;
    if (leftMs > 0) return wake(leftMs);
    await refreshVolumes(this.#volumeInput());
    this.#refreshedFor = state.actedOn;
    this.#refreshDueAtMs = Date.now() + node.timing.volumeRefreshMs;
    wake(node.timing.volumeRefreshMs);
  }

  #volumeInput(): VolumeInput {
    const { node, state, podDirectory, memoryDirectory } = this.#options;
    const { client, tokens, directory: clusterDirectory } = node;
    const facts = this.#facts(state.sandbox.ip ?? "");
    const { pod } = state;
    return { pod, facts, client, tokens, clusterDirectory, podDirectory, memoryDirectory };
  }

  /** Sidecars of a pod whose work is done; its sandbox ends with them. */
  async #stopContainers(): Promise<void> {
    const { node, state, containers, lifetime } = this.#options;
    const running = containers.allRunning();
    const graceSeconds = state.pod.spec.terminationGracePeriodSeconds ?? 30;
    const { pod, sandbox } = state;
    const podIP = sandbox.ip ?? "";
    await terminatePod({ pod, podIP, running, graceSeconds, events: node.events, lifetime });
    state.sandbox = { ...sandbox, ready: false };
  }

  /** The pod's grace period, unless the probe that failed has one of its own. */
  async #kill({ container, reason, message }: Kill): Promise<void> {
    const { node, state, containers, lifetime } = this.#options;
    const running = containers.newest(container.name);
    if (running === undefined) return;
    const probe = {
      "liveness-probe": container.livenessProbe,
      "startup-probe": container.startupProbe,
      "definition-changed": undefined,
      resized: undefined,
    }[reason];
    const { terminationGracePeriodSeconds: ofPod = 30 } = state.pod.spec;
    const graceSeconds = probe?.terminationGracePeriodSeconds ?? ofPod;
    const { pod, sandbox } = state;
    const target = { pod, podIP: sandbox.ip ?? "", container: running, message, graceSeconds };
    this.#killed.add(container.name);
    await terminateContainer({ ...target, events: node.events, lifetime });
  }

  /** Volumes and the pod's address, once; false while one of them is not to be had. */
  async #prepare(): Promise<boolean> {
    const { node, state, wake } = this.#options;
    const { timing, events, sandboxes } = node;
    const { pod } = state;
    const warn = (reason: string, message: string, retryMs = timing.retryMs) => {
      events.record(podSubject(pod), { type: "Warning", reason, message });
      wake(retryMs);
      return false;
    };
    if (this.#places === undefined) {
      try {
        this.#places = await setUpVolumes(this.#volumeInput());
      } catch (error) {
        if (!(error instanceof VolumeError)) throw error;
        this.#mountRetryMs = Math.min(2 * this.#mountRetryMs, timing.retryMs);
        return warn("FailedMount", error.message, this.#mountRetryMs);
      }
    }
    if (!state.sandbox.ready) {
      try {
        const made = await sandboxes.create({ onHost: pod.spec["hostNetwork"] === true });
        state.sandbox = { ready: true, ...made };
        this.#secondLookAtMs = Date.now() + timing.secondLookMs;
      } catch (error) {
        if (!(error instanceof SandboxError)) throw error;
        const message = `Failed to create pod sandbox: ${error.message}`;
        return warn("FailedCreatePodSandBox", message);
      }
      state.report();
    }
    return true;
  }

  async #start(container: Container): Promise<void> {
    const { node, state, containers, podDirectory, lifetime, wake } = this.#options;
    const waitMs = (this.#notBeforeMs.get(container.name) ?? 0) - Date.now();
    if (waitMs > 0) return wake(waitMs);
    try {
      this.#serveBackOff(container);
      await startContainer({
        ...{ node, pod: state.pod, container, containers, podDirectory, lifetime },
        facts: this.#facts(state.sandbox.ip ?? ""),
        networkNamespace: state.sandbox.networkNamespace,
        places: this.#places ?? new Map(),
      });
      state.setStartFailure(container.name, undefined);
    } catch (error) {
      if (!(error instanceof StartRefusal)) throw error;
      const nowMs = Date.now();
      const retryAfterMs = error.retryAfterMs ?? this.#untilNextLookMs(nowMs);
      const toldAfterMs = error.isToldLater ? retryAfterMs : 0;
      state.setStartFailure(container.name, error.failure, nowMs + toldAfterMs);
      this.#notBeforeMs.set(container.name, nowMs + retryAfterMs);
      wake(Math.max(toldAfterMs, node.timing.relistMs));
    }
  }

  /** A pod is looked at again soon after its sandbox has come to be, and then when it is time. */
  #untilNextLookMs(nowMs: number): number {
    const untilSecondMs = this.#secondLookAtMs - nowMs;
    return untilSecondMs > 0 ? untilSecondMs : this.#options.node.timing.retryMs;
  }

  /** A container that has crashed before waits; the first restart is free. */
  #serveBackOff(container: Container): void {
    const { node, state } = this.#options;
    const { pod } = state;
    const { namespace, name, uid } = pod.metadata;
    const last = (state.view().instances.get(container.name) ?? []).find(
      (instance) => instance.state.type === "exited",
    );
    if (last?.state.type !== "exited") return;
    // A kill is a look of its own; the end that it brings is another. The next end may be one without.
    const wasKilled = this.#killed.delete(container.name);
    const key = `${uid}/${container.name}`;
    const { startedAtMs, finishedAtMs } = last.state;
    const waitMs = node.restarts.remainingMs(key, Date.now(), finishedAtMs) * LATENESS;
    if (waitMs === 0) {
      node.restarts.next(key, Date.now(), finishedAtMs);
      return;
    }
    const text: EventText = {
      type: "Warning",
      reason: "BackOff",
      message: `Back-off restarting failed container ${container.name} in pod ${name}_${namespace}(${uid})`,
    };
    node.events.record(podSubject(pod, container.name), text);
    const delay = describeDelay(node.restarts.delayMs(key));
    const which = `container=${container.name} pod=${name}_${namespace}(${uid})`;
    const message = `back-off ${delay} restarting failed ${which}`;
    const lasted = finishedAtMs - startedAtMs > node.timing.oneLookMs;
    // The look that starts a container lasts as long as its hook does, and so sees the end as well.
    const hookFailed = state.waitingReason(container.name) === "PostStartHookError";
    const isToldLater = lasted !== hookFailed && !wasKilled;
    throw new StartRefusal("CrashLoopBackOff", message, waitMs, isToldLater);
  }

  #facts(podIP: string): PodFacts {
    const { node } = this.#options;
    const { address, name, allocatable } = node;
    return { podIP, hostIP: address, nodeName: name, allocatable };
  }
}
