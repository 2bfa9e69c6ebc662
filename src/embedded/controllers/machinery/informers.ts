import type { ApiClient, Resource } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { Informer } from "./informer.ts";

/** One informer per resource, shared by all controllers. */
export class Informers {
  readonly #client: ApiClient;
  readonly #informers = new Map<string, Informer<KubeObject>>();
  readonly #starting = new Map<string, Promise<void>>();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** The informer of a resource that was started; a reader of any other resource is a mistake. */
  of<T extends KubeObject>(resource: Resource): Informer<T> {
    const informer = this.find(resource);
    if (informer === undefined) throw new Error(`No informer of ${nameOf(resource)} was started.`);
    return informer as unknown as Informer<T>;
  }

  find(resource: Pick<Resource, "group" | "plural">): Informer<KubeObject> | undefined {
    return this.#informers.get(nameOf(resource));
  }

  /** Resolves when the cache of the resource is filled, whoever started it. */
  async start(resource: Resource): Promise<void> {
    const name = nameOf(resource);
    const started = this.#starting.get(name);
    if (started !== undefined) return started;
    const informer = new Informer<KubeObject>(this.#client, resource);
    this.#informers.set(name, informer);
    const starting = informer.start();
    this.#starting.set(name, starting);
    return starting;
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#starting.values());
    await Promise.all([...this.#informers.values()].map((informer) => informer.stop()));
  }
}

function nameOf({ group, plural }: Pick<Resource, "group" | "plural">): string {
  return `${group}/${plural}`;
}
