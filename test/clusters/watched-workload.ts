import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "#embedded/api/client.ts";
import type { Deployment, EndpointSlice, KubeObject } from "#embedded/api/objects.ts";
import {
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  NAMESPACES,
  PODS,
  SERVICES,
  STATEFUL_SETS,
} from "#embedded/api/resources.ts";

const REPLICAS = 3;

/** A workload whose pods come and go; those of a StatefulSet take over each other's names. */
export class WatchedWorkload {
  readonly kind: "Deployment" | "StatefulSet";
  readonly namespace: string;
  readonly #client: ApiClient;
  #revision = 0;

  constructor(client: ApiClient, namespace: string, kind: WatchedWorkload["kind"]) {
    this.#client = client;
    this.namespace = namespace;
    this.kind = kind;
  }

  get #resource() {
    return this.kind === "Deployment" ? DEPLOYMENTS : STATEFUL_SETS;
  }

  async create(): Promise<void> {
    const { namespace, kind } = this;
    await this.#client.create(NAMESPACES, {
      ...{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    });
    const metadata = { name: "web", namespace };
    const labels = { app: "web" };
    const service = { selector: labels, ports: [{ port: 80 }] };
    await this.#client.create<KubeObject>(SERVICES, {
      ...{ apiVersion: "v1", kind: "Service", metadata, spec: service },
    } as never); // what the server fills in is left out
    const spec = {
      replicas: REPLICAS,
      selector: { matchLabels: labels },
      ...(kind === "StatefulSet" && { serviceName: "web", podManagementPolicy: "Parallel" }),
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: "web" }] },
      },
    };
    await this.#client.create<KubeObject>(this.#resource, {
      ...{ apiVersion: "apps/v1", kind, metadata, spec },
    } as never); // as above
  }

  /** Resolves when all its pods are ready and everybody knows: nothing changes by itself any more. */
  async ready(): Promise<void> {
    const { namespace } = this;
    for (;;) {
      const { items } = await this.#client.list<EndpointSlice>(ENDPOINT_SLICES, { namespace });
      const endpoints = items.flatMap((slice) => slice.endpoints ?? []);
      const workload = await this.#client.get<Deployment>(this.#resource, "web", namespace);
      const isReady = endpoints.filter(({ conditions }) => conditions.ready).length === REPLICAS;
      if (isReady && workload?.status.availableReplicas === REPLICAS) return;
      await sleep(20);
    }
  }

  /** One change: a pod deleted, in order or by force, a rollout, or another number of replicas. */
  async change(random: () => number): Promise<void> {
    const choice = random();
    if (choice < 0.6) await this.#deletePod(random, choice < 0.1);
    else if (choice < 0.8) await this.#patch({ replicas: 1 + Math.floor(random() * 4) });
    else {
      this.#revision += 1;
      const annotations = { revision: String(this.#revision) };
      await this.#patch({ template: { metadata: { annotations } } });
    }
  }

  async #deletePod(random: () => number, byForce: boolean): Promise<void> {
    const { namespace } = this;
    const { items } = await this.#client.list(PODS, { namespace });
    const name = items[Math.floor(random() * items.length)]?.metadata.name;
    if (name === undefined) return;
    const force = byForce ? { gracePeriodSeconds: 0 } : {};
    await this.#client.delete(PODS, name, { namespace, ...force });
  }

  async #patch(spec: object): Promise<void> {
    const { namespace } = this;
    await this.#client.patch(this.#resource, {
      ...{ name: "web", namespace, type: "merge", body: { spec } },
    });
  }
}
