import { isConflict, isNotFound } from "#embedded/api/api-error.ts";
import type { ApiClient } from "#embedded/api/client.ts";
import type { Deployment, KubeObject, Pod } from "#embedded/api/objects.ts";
import { CONFIG_MAPS, DEPLOYMENTS, PODS, SERVICES } from "#embedded/api/resources.ts";
import type { Operation } from "./operations.ts";

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const FINALIZER = "example.com/held";

/** Does what a sequence says in one namespace, and remembers what the API has promised meanwhile. */
export class SequenceClient {
  /** What the counter of each config map must say: increments that were accepted since it is there. */
  readonly counts = new Map<string, number>();
  /** The resource versions of writes that surely changed something, in the order of their answers. */
  readonly versions: number[] = [];
  /** Writes that had to be refused and were not. */
  readonly wronglyAccepted: string[] = [];
  readonly #api: ApiClient;
  readonly #namespace: string;

  constructor(api: ApiClient, namespace: string) {
    this.#api = api;
    this.#namespace = namespace;
  }

  async perform(operation: Operation): Promise<void> {
    switch (operation.type) {
      case "count":
        await Promise.all(
          Array.from({ length: operation.clients }, () => this.#increment(operation.name)),
        );
        return;
      case "annotate":
        return await this.#annotate(operation.name, operation.kind);
      case "remove":
        return await this.#remove(operation.name, operation.withStaleVersion);
      case "finalizer":
        return await this.#setFinalizer(operation.name, operation.set);
      case "deploy":
        return await this.#deploy(operation.name, operation.replicas);
      case "retemplate":
        return await this.#retemplate(operation.name, operation.image);
      case "undeploy":
        return await this.#undeploy(operation.name, operation.policy);
      case "serve":
        return await this.#serve(operation.name);
      case "unserve":
        await this.#api.delete(SERVICES, operation.name, { namespace: this.#namespace });
        return;
      case "kill-pod":
        return await this.#killPod(operation.index, operation.force);
      case "pause":
        await new Promise((resolve) => setTimeout(resolve, operation.ms));
    }
  }

  /** Read, add one, write; again for as long as somebody else was quicker. */
  async #increment(name: string): Promise<void> {
    for (;;) {
      const current = await this.#api.get<ConfigMap>(CONFIG_MAPS, name, this.#namespace);
      await Promise.resolve(); // lets the other clients read the same
      try {
        if (current === undefined) {
          const metadata = { name, namespace: this.#namespace };
          const head = { apiVersion: "v1", kind: "ConfigMap", metadata };
          this.#accept(
            await this.#api.create<ConfigMap>(CONFIG_MAPS, { ...head, data: { n: "1" } }),
          );
          this.counts.set(name, 1);
        } else {
          const n = String(Number(current.data?.["n"] ?? 0) + 1);
          this.#accept(await this.#api.update<ConfigMap>(CONFIG_MAPS, { ...current, data: { n } }));
          this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
        }
        return;
      } catch (error) {
        if (!isConflict(error) && !isNotFound(error)) throw error;
      }
    }
  }

  /** A patch of something else may come between a read and its write, and must not undo either. */
  async #annotate(name: string, kind: "merge" | "json"): Promise<void> {
    const annotations = { touched: String(this.versions.length) };
    const body =
      kind === "merge"
        ? { metadata: { annotations } }
        : [{ op: "add", path: "/metadata/annotations", value: annotations }];
    const patch = { name, namespace: this.#namespace, type: kind, body };
    await this.#ifThere(() => this.#api.patch(CONFIG_MAPS, patch));
  }

  async #remove(name: string, withStaleVersion: boolean): Promise<void> {
    const namespace = this.#namespace;
    if (withStaleVersion) {
      try {
        const preconditions = { resourceVersion: "1" };
        const gone = await this.#api.delete(CONFIG_MAPS, name, { namespace, preconditions });
        if (gone !== undefined) this.wronglyAccepted.push(`delete of ${name} as of version 1`);
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
      return;
    }
    await this.#api.delete(CONFIG_MAPS, name, { namespace });
    if ((await this.#api.get(CONFIG_MAPS, name, namespace)) === undefined) this.counts.delete(name);
  }

  async #setFinalizer(name: string, set: boolean): Promise<void> {
    const current = await this.#api.get<ConfigMap>(CONFIG_MAPS, name, this.#namespace);
    if (current === undefined) return;
    if (set && current.metadata.deletionTimestamp !== undefined) return; // is refused
    const metadata = { ...current.metadata, finalizers: set ? [FINALIZER] : [] };
    await this.#api.update<ConfigMap>(CONFIG_MAPS, { ...current, metadata });
    if ((await this.#api.get(CONFIG_MAPS, name, this.#namespace)) === undefined) {
      this.counts.delete(name);
    }
  }

  async #deploy(name: string, replicas: number): Promise<void> {
    const labels = { app: name };
    const place = { name, namespace: this.#namespace };
    const current = await this.#api.get<Deployment>(DEPLOYMENTS, name, this.#namespace);
    if (current !== undefined) {
      const patch = { ...place, type: "merge" as const, body: { spec: { replicas } } };
      await this.#ifThere(() => this.#api.patch(DEPLOYMENTS, patch));
      return;
    }
    const template = {
      metadata: { labels },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: "app", image: "app:1" }] },
    };
    const spec = { replicas, selector: { matchLabels: labels }, template };
    const head = { apiVersion: "apps/v1", kind: "Deployment", metadata: place };
    this.#accept(await this.#api.create<Deployment>(DEPLOYMENTS, { ...head, spec }));
  }

  async #retemplate(name: string, image: string): Promise<void> {
    const containers = [{ name: "app", image }];
    const body = { spec: { template: { spec: { containers } } } };
    const patch = { name, namespace: this.#namespace, type: "strategic" as const, body };
    await this.#ifThere(() => this.#api.patch(DEPLOYMENTS, patch));
  }

  async #undeploy(name: string, propagationPolicy: "Background" | "Foreground" | "Orphan") {
    await this.#api.delete(DEPLOYMENTS, name, { namespace: this.#namespace, propagationPolicy });
  }

  async #serve(name: string): Promise<void> {
    if ((await this.#api.get(SERVICES, name, this.#namespace)) !== undefined) return;
    const metadata = { name, namespace: this.#namespace };
    const spec = { selector: { app: name }, ports: [{ port: 80 }] };
    const head = { apiVersion: "v1", kind: "Service", metadata };
    this.#accept(await this.#api.create<KubeObject>(SERVICES, { ...head, spec }));
  }

  async #killPod(index: number, force: boolean): Promise<void> {
    const { items } = await this.#api.list<Pod>(PODS, { namespace: this.#namespace });
    const pod = items[index];
    if (pod === undefined) return;
    const grace = force ? { gracePeriodSeconds: 0 } : {};
    await this.#api.delete(PODS, pod.metadata.name, { namespace: this.#namespace, ...grace });
  }

  #accept({ metadata }: KubeObject): void {
    this.versions.push(Number(metadata.resourceVersion));
  }

  async #ifThere(write: () => Promise<unknown>): Promise<void> {
    await write().catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}
