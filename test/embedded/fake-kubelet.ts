import type { ApiClient } from "#embedded/api/client.ts";
import type { Condition, KubeObject, Node, Pod } from "#embedded/api/objects.ts";
import { NODES, PODS } from "#embedded/api/resources.ts";

export interface FakeKubeletOptions {
  readonly client: ApiClient;
  readonly nodes: readonly string[];
  /** From the binding of a pod until it is Running and Ready. */
  readonly startMs: number;
  /** From the deletion of a pod until its containers have exited. */
  readonly stopMs: number;
  /** Pods that never become Ready. */
  readonly isBroken?: (pod: Pod) => boolean;
  /** What every container exits with when its pod is deleted; containers are not told of without it. */
  readonly exitCode?: number;
  /** Pods that run so long and then end by themselves, with the phase that they end in. */
  readonly runsFor?: (
    pod: Pod,
  ) => { readonly ms: number; readonly phase: "Succeeded" | "Failed" } | undefined;
}

/** Runs no process: it only tells of every pod what a kubelet would tell, some milliseconds later. */
export class FakeKubelet {
  readonly #options: FakeKubeletOptions;
  readonly #stopped = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #started = new Set<string>();
  readonly #ending = new Set<string>();
  #addresses = 0;
  #watching: Promise<void> = Promise.resolve();

  constructor(options: FakeKubeletOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { client, nodes } = this.#options;
    for (const name of nodes) await createNode(client, name);
    const { items, resourceVersion } = await client.list<Pod>(PODS);
    for (const pod of items) this.#sync(pod);
    this.#watching = this.#watch(resourceVersion);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#watching;
  }

  async #watch(resourceVersion: string): Promise<void> {
    const { signal } = this.#stopped;
    const events = this.#options.client.watch<Pod>(PODS, { resourceVersion, signal });
    for await (const { type, object } of events) if (type !== "DELETED") this.#sync(object);
  }

  #sync(pod: Pod): void {
    const { uid, deletionTimestamp } = pod.metadata;
    if ((pod.spec.nodeName ?? "") === "") return;
    if (!this.#started.has(uid)) {
      this.#started.add(uid);
      this.#later(this.#options.startMs, () => this.#run(pod));
    }
    if (deletionTimestamp !== undefined && !this.#ending.has(uid)) {
      this.#ending.add(uid);
      this.#later(this.#options.stopMs, () => this.#end(pod));
    }
  }

  async #run(pod: Pod): Promise<void> {
    const ready = this.#options.isBroken?.(pod) === true ? "False" : "True";
    this.#addresses += 1;
    const podIP = `10.0.0.${this.#addresses}`;
    await this.#tell(pod, { phase: "Running", podIP, podIPs: [{ ip: podIP }] }, ready);
    const life = this.#options.runsFor?.(pod);
    if (life === undefined) return;
    this.#later(life.ms, () => this.#tell(pod, { phase: life.phase }, "False"));
  }

  async #end(pod: Pod): Promise<void> {
    await this.#tell(pod, { phase: "Succeeded", ...this.#ended(pod) }, "False");
    const { name, namespace = "", uid } = pod.metadata;
    const preconditions = { uid };
    await this.#options.client.delete(PODS, name, {
      namespace,
      gracePeriodSeconds: 0,
      preconditions,
    });
  }

  #ended({ spec }: Pod): Partial<Pod["status"]> {
    const { exitCode } = this.#options;
    if (exitCode === undefined) return {};
    const reason = exitCode === 0 ? "Completed" : "Error";
    const state = { terminated: { exitCode, reason, startedAt: null, finishedAt: null } };
    const ended = { ready: false, started: false, restartCount: 0, state, lastState: {} };
    return {
      containerStatuses: spec.containers.map(({ name }) => ({
        name,
        ...ended,
        image: "",
        imageID: "",
      })),
    };
  }

  async #tell(
    { metadata: { name, namespace = "", uid } }: Pod,
    status: Partial<Pod["status"]>,
    ready: "True" | "False",
  ): Promise<void> {
    const { client } = this.#options;
    const pod = await client.get<Pod>(PODS, name, namespace);
    if (pod === undefined || pod.metadata.uid !== uid) return;
    const others = (pod.status.conditions ?? []).filter(({ type }) => type !== "Ready");
    const condition: Condition = {
      type: "Ready",
      status: ready,
      lastTransitionTime: new Date().toISOString().replace(/\.\d+Z/, "Z"),
    };
    const conditions = [...others, condition];
    await client.update<Pod>(
      PODS,
      { ...pod, status: { ...pod.status, ...status, conditions } },
      "status",
    );
  }

  #later(delayMs: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work().catch(() => undefined); // the pod is gone, or the cluster is stopping
    }, delayMs);
    this.#timers.add(timer);
  }
}

async function createNode(client: ApiClient, name: string): Promise<void> {
  const labels = { "kubernetes.io/hostname": name };
  await client.create<KubeObject>(NODES, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    spec: {},
  });
  const node = await client.get<Node>(NODES, name);
  if (node === undefined) throw new Error(`Node ${name} was not created.`);
  const conditions: Condition[] = [{ type: "Ready", status: "True" }];
  await client.update<Node>(NODES, { ...node, status: { conditions } }, "status");
}
