import type { Pod } from "#embedded/api/objects.ts";
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

  constructor(node: NodeContext) {
    this.#node = node;
  }

  onPresent(pod: Pod): void {
    if (this.#stopped) return;
    const { uid } = pod.metadata;
    const worker = this.#workers.get(uid);
    if (worker === undefined && this.#rejection !== undefined && !isTerminal(pod.status.phase)) {
      rejectPod(pod, this.#node, this.#rejection);
    } else if (worker === undefined) {
      this.#workers.set(uid, new PodWorker(pod, this.#node, () => this.#workers.delete(uid)));
    } else {
      worker.update(pod);
    }
  }

  /** From now on new pods fail without having been started. */
  reject(rejection: Rejection): void {
    this.#rejection = rejection;
  }

  onGone(pod: Pod): void {
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

  /** Kills everything that runs; resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.all().map((worker) => worker.stop()));
    this.#workers.clear();
  }
}
