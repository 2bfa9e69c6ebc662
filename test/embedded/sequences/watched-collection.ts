import { isDeepStrictEqual } from "node:util";
import type { ApiClient, Resource, WatchEvent } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";

/** What a watch has told of one resource in one namespace, and what was wrong with how it told it. */
export class WatchedCollection {
  readonly problems: string[] = [];
  readonly #api: ApiClient;
  readonly #resource: Resource;
  readonly #namespace: string;
  readonly #stopped = new AbortController();
  readonly #objects: Map<string, KubeObject>;
  #lastVersion: number;
  #watching: Promise<void> = Promise.resolve();

  private constructor(
    [api, resource, namespace]: readonly [ApiClient, Resource, string],
    items: readonly KubeObject[],
    version: string,
  ) {
    this.#api = api;
    this.#resource = resource;
    this.#namespace = namespace;
    this.#objects = new Map(items.map((object) => [object.metadata.name, object]));
    this.#lastVersion = Number(version);
  }

  /** Lists, and follows from there. */
  static async start(
    api: ApiClient,
    resource: Resource,
    namespace: string,
  ): Promise<WatchedCollection> {
    const paused = await WatchedCollection.list(api, resource, namespace);
    paused.follow();
    return paused;
  }

  /** Lists, and follows only when it is told to: by then it has the time in between to catch up on. */
  static async list(
    api: ApiClient,
    resource: Resource,
    namespace: string,
  ): Promise<WatchedCollection> {
    const { items, resourceVersion } = await api.list<KubeObject>(resource, { namespace });
    return new WatchedCollection([api, resource, namespace], items, resourceVersion);
  }

  follow(): void {
    this.#watching = this.#watch(String(this.#lastVersion));
  }

  /** What differs between what the watch has told and what a list says now. */
  async differences(): Promise<readonly string[]> {
    const { plural } = this.#resource;
    const list = await this.#api.list<KubeObject>(this.#resource, { namespace: this.#namespace });
    const listed = new Map(list.items.map((object) => [object.metadata.name, object]));
    const names = new Set([...listed.keys(), ...this.#objects.keys()]);
    return [...names]
      .filter((name) => !isDeepStrictEqual(listed.get(name), this.#objects.get(name)))
      .map((name) => `${plural}/${name} is watched otherwise than it is listed`);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#watching;
  }

  async #watch(resourceVersion: string): Promise<void> {
    const { signal } = this.#stopped;
    const options = { namespace: this.#namespace, resourceVersion, signal };
    for await (const event of this.#api.watch<KubeObject>(this.#resource, options)) {
      this.#take(event);
    }
  }

  #take({ type, object }: WatchEvent<KubeObject>): void {
    const { name, resourceVersion, uid } = object.metadata;
    const what = `${type} ${this.#resource.plural}/${name}`;
    const version = Number(resourceVersion);
    if (version <= this.#lastVersion) {
      this.problems.push(`${what} has version ${version}, after ${this.#lastVersion}`);
    }
    this.#lastVersion = version;
    const known = this.#objects.get(name);
    if ((type === "ADDED") !== (known === undefined)) this.problems.push(`${what} out of turn`);
    if (known !== undefined && known.metadata.uid !== uid) {
      this.problems.push(`${what} is another object than before`);
    }
    if (type === "DELETED") this.#objects.delete(name);
    else this.#objects.set(name, object);
  }
}
