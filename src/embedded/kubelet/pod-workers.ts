import type { Pod } from "#embedded/api/objects.ts";
import { portRejection } from "./host-ports.ts";
import type { NodeContext } from "./node-context.ts";
import { PodWorker } from "./pod-worker.ts";
import { type Rejection, rejectPod } from "./reject-pod.ts";
import { isTerminal } from "./status/pod-status.ts";

/** The pods of this node, one worker for each uid. */
export class PodWorkers {
  readonly #node: NodeContext;
  readonly #workers = new Map<string, PodWorker>();
  #stopped = false;
  #rejection: Rejection | undefined;
  /** What was rejected once stays so, whatever becomes free until its status has been written. */
  readonly #rejected = new Set<string>();

  constructor(node: NodeContext) {
    this.#node = node;
  }

  onPresent(pod: Pod): void {
    if (this.#stopped) return;
    const { uid } = pod.metadata;
    const worker = this.#workers.get(uid);
    if (worker === undefined && this.#rejected.has(uid)) return;
    const rejection = worker === undefined ? this.#rejectionOf(pod) : undefined;
    if (rejection !== undefined) {
      this.#rejected.add(uid);
      rejectPod(pod, this.#node, rejection);
    } else if (worker === undefined) {
      this.#workers.set(uid, new PodWorker(pod, this.#node, () => this.#workers.delete(uid)));
    } else {
      worker.update(pod);
    }
  }

  #rejectionOf(pod: Pod): Rejection | undefined {
    if (isTerminal(pod.status.phase)) return undefined;
    const others = this.all().map((worker) => worker.pod);
    return this.#rejection ?? portRejection(pod, others);
  }

  /** From now on new pods fail without having been started. */
  reject(rejection: Rejection): void {
    this.#rejection = rejection;
  }

  onGone(pod: Pod): void {
    this.#rejected.delete(pod.metadata.uid);
    this.#workers.get(pod.metadata.uid)?.objectGone();
  }

  all(): readonly PodWorker[] {
    return [...this.#workers.values()];
  }

  /** By name; of two pods that share one (the old still ends) the newer. */
  find(namespace: string, name: string): PodWorker | undefined {
    return this.all().findLast(
      ({ pod }) =>
        pod.metadata.name === name && (pod.metadata.namespace ?? "default") === namespace,
    );
  }

  /** Stops everything where it is, and does nothing any more. */
  freeze(): void {
    this.#stopped = true;
    for (const worker of this.all()) worker.freeze();
  }

  /** SIGKILL for one container, by its id; false when it does not run here. */
  killContainer(id: string): boolean {
    const running = this.all().flatMap(({ containers }) => containers.allRunning());
    const found = running.find((container) => container.id === id);
    found?.process.kill();
    return found !== undefined;
  }

  /** Kills everything that runs; resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.all().map((worker) => worker.stop()));
    this.#workers.clear();
  }
}
