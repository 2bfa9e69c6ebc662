import type { Pod, PodStatus } from "#embedded/api/objects.ts";
import type { NodeContext } from "./node-context.ts";
import type { PodContainers } from "./pod-containers.ts";
import type { Sandbox } from "./pod-sandboxes.ts";
import type { Result } from "./probes/probe-count.ts";
import type { ProbeType } from "./probes/probe-worker.ts";
import { podStatus, type Stage } from "./status/pod-status.ts";
import type { ContainerInstance, PodView, ProbeVerdicts, StartFailure } from "./status/pod-view.ts";
import { StatusWriter } from "./status-writer.ts";

/** A failure to start, and what is said in its place until it is told. */
interface PendingFailure {
  readonly failure: StartFailure;
  readonly before: StartFailure | undefined;
  readonly toldFromMs: number;
}

/**
 * What the kubelet knows of one pod, and the status that follows from it. Containers are seen as they
 * were at the last look (`observe`): while a worker is busy with a kill, nobody looks, and a container
 * that has ended early is still reported as running. Probe verdicts take effect at once.
 */
export class PodState {
  pod: Pod;
  /** The pod as it was when the worker last had to act upon it. */
  actedOn: Pod;
  stage: Stage = "syncing";
  sandbox: { readonly ready: boolean } & Partial<Sandbox> = { ready: false };
  cause: { readonly reason: string; readonly message: string } | undefined;
  readonly #node: NodeContext;
  readonly #containers: PodContainers;
  readonly #writer: StatusWriter;
  readonly startedAtMs = Date.now();
  readonly #verdicts = new Map<string, ProbeVerdicts>();
  readonly #startFailures = new Map<string, PendingFailure>();
  #seen: ReadonlyMap<string, readonly ContainerInstance[]> = new Map();
  /** The address is reported from the look after the one that made it. */
  #seenIP: string | undefined;

  constructor(pod: Pod, node: NodeContext, containers: PodContainers) {
    this.pod = pod;
    this.actedOn = pod;
    this.#node = node;
    this.#containers = containers;
    this.#writer = new StatusWriter(node.client, pod.metadata);
  }

  /** Looks at the containers and forgets the verdicts on instances that are gone. */
  observe(): void {
    this.#seen = this.#containers.instances();
    this.#seenIP = this.sandbox.ip;
    const ids = new Set([...this.#seen.values()].flat().map(({ id }) => id));
    for (const id of this.#verdicts.keys()) if (!ids.has(id)) this.#verdicts.delete(id);
  }

  view(): PodView {
    const { ready } = this.sandbox;
    return {
      pod: this.pod,
      instances: this.#seen,
      verdicts: this.#verdicts,
      startFailures: this.#toldFailures(),
      sandbox: { ready, ...(this.#seenIP === undefined ? {} : { ip: this.#seenIP }) },
    };
  }

  /** Reports what is known now. */
  report(): PodStatus {
    const { stage, cause } = this;
    const status = podStatus({
      ...this.view(),
      stage,
      actedOn: this.actedOn,
      hostIP: this.#node.address,
      startedAtMs: this.startedAtMs,
      nowMs: Date.now(),
      ...(cause === undefined ? {} : { cause }),
    });
    this.#writer.write(status, stage);
    return status;
  }

  reported(): Promise<void> {
    return this.#writer.flush();
  }

  /** Whether the verdict is news. Until one is reached a container is alive, but not ready. */
  setVerdict(instanceId: string, type: ProbeType, result: Result): boolean {
    const before = this.#verdicts.get(instanceId) ?? {};
    const initial = { startup: undefined, readiness: "failure", liveness: "success" }[type];
    this.#verdicts.set(instanceId, { ...before, [type]: result });
    return (before[type] ?? initial) !== result;
  }

  waitingReason(container: string): string {
    const failure = this.#toldFailures().get(container)?.reason;
    const hasInit = (this.pod.spec.initContainers ?? []).length > 0;
    return failure ?? (hasInit ? "PodInitializing" : "ContainerCreating");
  }

  /** What is told only from a later moment on stays untold, however often the pod is looked at before. */
  setStartFailure(container: string, failure: StartFailure | undefined, toldFromMs = 0): void {
    if (failure === undefined) this.#startFailures.delete(container);
    else {
      const before = this.#toldFailures().get(container);
      this.#startFailures.set(container, { failure, before, toldFromMs });
    }
  }

  #toldFailures(): ReadonlyMap<string, StartFailure> {
    const nowMs = Date.now();
    return new Map(
      [...this.#startFailures].flatMap(([name, { failure, before, toldFromMs }]) => {
        const told = toldFromMs <= nowMs ? failure : before;
        return told === undefined ? [] : [[name, told] as const];
      }),
    );
  }
}
