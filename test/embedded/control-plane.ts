import type { ApiClient, Resource, WatchEvent } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { startApiServer } from "#embedded/apiserver/start-api-server.ts";
import { startControllers } from "#embedded/controllers/start-controllers.ts";
import { FakeKubelet, type FakeKubeletOptions } from "./fake-kubelet.ts";

export interface ControlPlane {
  readonly client: ApiClient;
  readonly kubeconfig: string;
  /** What went wrong inside the controllers; a test should find it empty. */
  readonly errors: readonly unknown[];
  stop(): Promise<void>;
}

export interface ControlPlaneOptions extends Omit<FakeKubeletOptions, "client"> {
  /** How far the controllers' clock is ahead of the API server's. */
  readonly aheadMs?: number;
}

/** An API server and the controllers, with nodes whose kubelets only pretend. */
export async function startControlPlane({
  aheadMs = 0,
  ...kubelet
}: ControlPlaneOptions): Promise<ControlPlane> {
  const server = await startApiServer({
    address: "127.99.0.1",
    port: 0,
    serviceAddressPrefix: "127.99.250",
    clusterSecret: "none",
  });
  const { client } = server;
  const fake = new FakeKubelet({ ...kubelet, client });
  await fake.start();
  const errors: unknown[] = [];
  const controllers = await startControllers({
    client,
    onError: (error) => errors.push(error),
    nowMs: () => Date.now() + aheadMs,
  });
  return {
    client,
    kubeconfig: server.kubeconfig,
    errors,
    async stop() {
      await controllers.stop();
      await fake.stop();
      await server.stop();
    },
  };
}

/** Every change of a resource in the default namespace from now on, until `stop`. */
export class Recording<T extends KubeObject> {
  readonly events: WatchEvent<T>[] = [];
  readonly #stopped = new AbortController();
  readonly #listeners = new Set<() => void>();
  #recording: Promise<void> = Promise.resolve();

  static async start<T extends KubeObject>(
    client: ApiClient,
    resource: Resource,
  ): Promise<Recording<T>> {
    const recording = new Recording<T>();
    const { items, resourceVersion } = await client.list<T>(resource, { namespace: "default" });
    for (const object of items) recording.events.push({ type: "ADDED", object });
    recording.#recording = recording.#record(client, resource, resourceVersion);
    return recording;
  }

  async #record(client: ApiClient, resource: Resource, resourceVersion: string): Promise<void> {
    const { signal } = this.#stopped;
    const options = { namespace: "default", resourceVersion, signal };
    for await (const event of client.watch<T>(resource, options)) {
      this.events.push(event);
      for (const listener of this.#listeners) listener();
    }
  }

  /** Resolves with the latest state of the first object that satisfies the condition. */
  async until(condition: (object: T, type: WatchEvent<T>["type"]) => boolean): Promise<T> {
    const find = () => this.latest().find(({ object, type }) => condition(object, type))?.object;
    return new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        this.#listeners.delete(look);
        resolve(found);
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** The last event of each object. */
  latest(): readonly WatchEvent<T>[] {
    return [...new Map(this.events.map((event) => [event.object.metadata.uid, event])).values()];
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#recording;
  }
}
