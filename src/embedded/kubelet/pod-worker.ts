import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Container, Pod } from "#embedded/api/objects.ts";
import { podSubject } from "./events.ts";
import type { NodeContext } from "./node-context.ts";
import { PodContainers } from "./pod-containers.ts";
import { PodState } from "./pod-state.ts";
import { PodProbes } from "./probes/pod-probes.ts";
import type { ProbeTarget } from "./probes/probe-worker.ts";
import { removePodObject } from "./remove-pod-object.ts";
import { longRunningContainers } from "./restart-policy.ts";
import { isTerminal } from "./status/pod-status.ts";
import { currentInstance } from "./status/pod-view.ts";
import { isReady, isStarted } from "./status/readiness.ts";
import { PodSync } from "./sync-pod.ts";
import { graceSecondsOf, terminatePod } from "./terminate-pod.ts";
import { WorkLoop } from "./work-loop.ts";

/** Why the kubelet itself ends a pod that nobody has deleted. */
export interface Eviction {
  readonly reason: string;
  readonly message: string;
  readonly graceSeconds: number;
}

/**
 * One pod from the moment it is bound to this node until its object is gone.
 *
 *   syncing ──(deleted, finished, evicted)──► terminating ──(all ended)──► terminated ──► object removed
 *
 * All work of a pod is done one piece at a time, so a deletion waits for a running postStart hook or
 * liveness kill, and a kill that has begun keeps its grace period whatever is asked for later.
 */
export class PodWorker {
  readonly #node: NodeContext;
  readonly #containers: PodContainers;
  readonly #state: PodState;
  readonly #sync: PodSync;
  readonly #loop: WorkLoop;
  readonly #lifetime = new AbortController();
  readonly #podDirectory: string;
  readonly #memoryDirectory: string;
  readonly #logDirectory: string;
  readonly #onGone: () => void;
  readonly #ended = Promise.withResolvers<void>();
  #probes: PodProbes | undefined;
  /** Set once the pod has to end; the grace period may only be read at the beginning of the kill. */
  #ending: { readonly graceSeconds: number } | undefined;
  #objectGone = false;
  #secondLook: NodeJS.Timeout | undefined;
  readonly #lookedAt = new Set<string>();

  constructor(pod: Pod, node: NodeContext, onGone: () => void) {
    const { namespace = "default", name, uid } = pod.metadata;
    this.#node = node;
    this.#onGone = onGone;
    this.#podDirectory = join(node.directory, "pods", uid);
    this.#memoryDirectory = join(node.memoryDirectory, uid);
    this.#logDirectory = join(node.directory, "logs", `${namespace}_${name}_${uid}`);
    this.#loop = new WorkLoop(() => this.#work());
    const noticed = () => this.#loop.wake(node.timing.relistMs);
    this.#containers = new PodContainers(this.#logDirectory, noticed);
    this.#state = new PodState(pod, node, this.#containers);
    this.#sync = new PodSync({
      node,
      state: this.#state,
      containers: this.#containers,
      podDirectory: this.#podDirectory,
      memoryDirectory: this.#memoryDirectory,
      lifetime: this.#lifetime.signal,
      wake: (afterMs) => this.#loop.wake(afterMs),
    });
    // Who finds a finished pod (a kubelet that comes later) does not run it again.
    if (isTerminal(pod.status.phase)) this.#state.stage = "terminated";
    this.update(pod);
    this.#loop.wake();
  }

  get pod(): Pod {
    return this.#state.pod;
  }

  get containers(): PodContainers {
    return this.#containers;
  }

  /** Where its containers are reached; undefined before the first of them starts, and after the last. */
  get address(): string | undefined {
    return this.#state.sandbox.ip;
  }

  /** Why a container has no log yet, in the words of its status. */
  waitingReason(container: string): string {
    return this.#state.waitingReason(container);
  }

  /** Resolves when nothing of the pod runs any more and its final status is written. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** The object has changed. What only its status says is our own doing and wakes nobody. */
  update(pod: Pod): void {
    const before = this.#state.pod;
    this.#state.pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) this.#end(graceSecondsOf(pod));
    if (!concernsWorker(before, pod)) return;
    this.#state.actedOn = pod;
    this.#loop.wake();
  }

  /** The object is gone; what still runs is ended with what is left of its grace, if none was begun. */
  objectGone(): void {
    this.#objectGone = true;
    this.#end(graceSecondsOf(this.#state.pod));
  }

  /** The kubelet ends the pod; the object stays, Failed unless everything exits 0. */
  evict({ reason, message, graceSeconds }: Eviction): Promise<void> {
    if (this.#ending === undefined) this.#state.cause = { reason, message };
    this.#end(graceSeconds);
    return this.ended;
  }

  /** The cluster ends: SIGKILL for everything, nothing is reported. */
  async stop(): Promise<void> {
    this.#lifetime.abort();
    this.#probes?.stop();
    clearTimeout(this.#secondLook);
    const stopped = this.#loop.stop();
    // A container that is being started appears only when the worker has stopped.
    await this.#killAll();
    await stopped;
    await this.#killAll();
    await this.#state.reported();
  }

  /** The machine hangs: nothing of the pod moves any more, and nobody is told. `stop` still ends it. */
  freeze(): void {
    this.#lifetime.abort();
    this.#probes?.stop();
    clearTimeout(this.#secondLook);
    const freezeAll = () => {
      for (const { process } of this.#containers.allRunning()) process.freeze();
    };
    freezeAll();
    void this.#loop.stop().then(freezeAll); // a container that was just being started
  }

  #end(graceSeconds: number): void {
    this.#ending ??= { graceSeconds };
    this.#loop.wake();
  }

  async #killAll(): Promise<void> {
    const running = this.#containers.allRunning();
    for (const { process } of running) process.kill();
    await Promise.all(running.map(({ process }) => process.exited));
  }

  async #work(): Promise<void> {
    try {
      if (this.#lifetime.signal.aborted) return;
      if (this.#state.stage === "terminated") await this.#afterEnd();
      else if (this.#ending !== undefined) await this.#terminate(this.#ending.graceSeconds);
      else await this.#syncOnce();
    } catch (error) {
      if (this.#lifetime.signal.aborted) return;
      const { namespace, name } = this.pod.metadata;
      process.emitWarning(`The kubelet could not work on pod ${namespace}/${name}: ${error}`);
      this.#loop.wake(this.#node.timing.retryMs);
    }
  }

  async #syncOnce(): Promise<void> {
    const state = this.#state;
    state.observe();
    const { phase } = state.report();
    const graceSeconds = state.pod.spec.terminationGracePeriodSeconds ?? 30;
    if (isTerminal(phase)) return this.#finish(graceSeconds);
    const leftMs = deadlineMs(state.pod) + state.startedAtMs - Date.now();
    if (leftMs <= 0) return this.#exceedDeadline(graceSeconds);
    if (leftMs < Number.POSITIVE_INFINITY) this.#loop.wake(leftMs);
    this.#probes ??= this.#startProbes();
    this.#askUnready(this.#probes);
    await this.#sync.run();
  }

  async #finish(graceSeconds: number): Promise<void> {
    const { signal } = this.#lifetime;
    await sleep(this.#node.timing.finishMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) this.#end(graceSeconds);
  }

  #exceedDeadline(graceSeconds: number): void {
    this.#state.cause = DEADLINE_EXCEEDED;
    this.#tellDeadline();
    this.#end(graceSeconds);
  }

  /** Told whenever the status is worked out anew, and so four times. */
  #tellDeadline(): void {
    if (this.#state.cause !== DEADLINE_EXCEEDED) return;
    this.#node.events.record(podSubject(this.pod), { type: "Normal", ...DEADLINE_EXCEEDED });
  }

  /** Each look at the pod asks what is not ready out of turn. */
  #askUnready(probes: PodProbes): void {
    const view = this.#state.view();
    for (const container of longRunningContainers(view.pod)) {
      if (!isStarted(container, view) || isReady(container, view)) continue;
      probes.triggerReadiness(container.name);
      const id = currentInstance(view, container.name)?.id ?? "";
      if (this.#lookedAt.has(id)) continue;
      this.#lookedAt.add(id);
      clearTimeout(this.#secondLook);
      this.#secondLook = setTimeout(() => this.#loop.wake(), this.#node.timing.secondLookMs);
    }
  }

  async #terminate(graceSeconds: number): Promise<void> {
    const state = this.#state;
    const { events, sandboxes, timing } = this.#node;
    state.stage = "terminating";
    state.observe();
    state.report();
    this.#tellDeadline();
    this.#probes?.stopLivenessAndStartup();
    await terminatePod({
      pod: state.pod,
      podIP: state.sandbox.ip ?? "",
      running: this.#containers.allRunning(),
      ...{ graceSeconds, events },
      lifetime: this.#lifetime.signal,
    });
    this.#probes?.stop();
    await sleep(timing.relistMs);
    if (this.#lifetime.signal.aborted) return;
    state.observe();
    state.stage = "stopped";
    state.report();
    this.#tellDeadline();
    if (state.sandbox.ip !== undefined) await sandboxes.remove(state.sandbox.ip);
    await state.reported();
    await sleep(timing.relistMs);
    if (this.#lifetime.signal.aborted) return;
    state.stage = "terminated";
    state.report();
    this.#tellDeadline();
    await state.reported();
    this.#ended.resolve();
    await this.#afterEnd();
  }

  /** The last step of a deleted pod; one that has ended by itself waits here for its deletion. */
  async #afterEnd(): Promise<void> {
    clearTimeout(this.#secondLook);
    if (this.#objectGone) {
      this.#lifetime.abort();
      this.#node.events.forget(this.pod.metadata.uid);
      this.#node.tokens.forget(this.pod.metadata.uid);
      this.#node.restarts.forget(`${this.pod.metadata.uid}/`);
      this.#node.imagePulls.forget(`${this.pod.metadata.uid}/`);
      const directories = [this.#podDirectory, this.#memoryDirectory, this.#logDirectory];
      await Promise.all(directories.map((path) => rm(path, { recursive: true, force: true })));
      this.#onGone();
    } else if (this.pod.metadata.deletionTimestamp !== undefined) {
      await removePodObject(this.#node.client, this.pod);
    }
  }

  #startProbes(): PodProbes {
    const state = this.#state;
    return new PodProbes({
      pod: state.pod,
      events: this.#node.events,
      podIP: () => state.sandbox.ip ?? "",
      target: (container) => this.#probeTarget(container),
      onVerdict: (instanceId, type, result) => {
        if (!state.setVerdict(instanceId, type, result)) return;
        if (state.stage !== "terminated") state.report();
        this.#loop.wake();
      },
    });
  }

  #probeTarget(container: Container): ProbeTarget | undefined {
    const view = this.#state.view();
    const seen = currentInstance(view, container.name);
    const running = this.#containers.newest(container.name);
    if (seen?.state.type !== "running" || running?.id !== seen.id) return undefined;
    const { startedAtMs } = seen.state;
    return { running, startedAtMs, started: isStarted(container, view) };
  }
}

const DEADLINE_EXCEEDED = {
  reason: "DeadlineExceeded",
  message: "Pod was active on the node longer than the specified deadline",
} as const;

/** How long the pod may take; for ever unless it says. */
function deadlineMs({ spec }: Pod): number {
  const seconds = spec["activeDeadlineSeconds"];
  return typeof seconds === "number" ? seconds * 1000 : Number.POSITIVE_INFINITY;
}

/** Whether a change is of the kind that a worker acts upon. */
function concernsWorker(before: Pod, after: Pod): boolean {
  const gates = new Set(after.spec.readinessGates?.map(({ conditionType }) => conditionType));
  const relevant = ({ metadata, status }: Pod) =>
    JSON.stringify([
      ...[metadata.generation, metadata.deletionTimestamp, metadata.labels, metadata.annotations],
      ...(status.conditions ?? []).filter(({ type }) => gates.has(type)),
    ]);
  return relevant(before) !== relevant(after);
}
