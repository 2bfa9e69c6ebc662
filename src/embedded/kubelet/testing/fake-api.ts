import { EventEmitter, once } from "node:events";
import { ApiError } from "#embedded/api/api-error.ts";
import type {
  ApiClient,
  DeleteRequest,
  ListOptions,
  ListResult,
  NewObject,
  Resource,
  WatchEvent,
} from "#embedded/api/client.ts";
import type { KubeObject, Pod, PodSpec } from "#embedded/api/objects.ts";
import { EVENTS, PODS } from "#embedded/api/resources.ts";

/** Everything the tests need of an API server: objects, versions, watches, graceful deletion of pods. */
export class FakeApi implements ApiClient {
  /** Every change in order, as a watching client would see it. */
  readonly history: (WatchEvent<KubeObject> & { readonly plural: string })[] = [];
  readonly #objects = new Map<string, KubeObject>();
  readonly #forever = new AbortController();
  readonly #changes = new EventEmitter();
  #version = 0;

  constructor() {
    this.#changes.setMaxListeners(0);
  }

  async get<T extends KubeObject>(resource: Resource, name: string, namespace?: string) {
    return copy(this.#objects.get(key(resource, name, namespace)) as T | undefined);
  }

  async list<T extends KubeObject>(resource: Resource, options: ListOptions = {}) {
    const items = [...this.#objects]
      .filter(([at, object]) => at.startsWith(`${resource.plural}/`) && matches(object, options))
      .map(([, object]) => copy(object as T));
    return { items, resourceVersion: String(this.#version) } satisfies ListResult<T>;
  }

  async create<T extends KubeObject>(resource: Resource, object: NewObject<T>): Promise<T> {
    const { name = "", namespace } = object.metadata;
    const at = key(resource, name, namespace);
    if (this.#objects.has(at)) throw new ApiError(409, "AlreadyExists", `${at} already exists`);
    const uid = `uid-${this.#version + 1}`;
    const creationTimestamp = new Date().toISOString();
    const metadata = { generation: 1, ...object.metadata, uid, creationTimestamp };
    const created = { status: {}, ...object, metadata } as unknown as T; // the server completes it
    return this.#store(resource, "ADDED", created);
  }

  async update<T extends KubeObject>(resource: Resource, object: T): Promise<T> {
    const { name, namespace, resourceVersion } = object.metadata;
    const stored = this.#objects.get(key(resource, name, namespace));
    if (stored === undefined) throw new ApiError(404, "NotFound", `${name} not found`);
    if (stored.metadata.resourceVersion !== resourceVersion) {
      throw new ApiError(409, "Conflict", "the object has been modified");
    }
    return this.#store(resource, "MODIFIED", object);
  }

  resources(): readonly Resource[] {
    return [];
  }

  async patch(): Promise<never> {
    throw new Error("the kubelet does not patch");
  }

  async delete(resource: Resource, name: string, options: DeleteRequest = {}) {
    const object = this.#objects.get(key(resource, name, options.namespace));
    if (object === undefined) return undefined;
    const { uid } = options.preconditions ?? {};
    if (uid !== undefined && uid !== object.metadata.uid)
      throw new ApiError(409, "Conflict", "uid");
    const grace = options.gracePeriodSeconds ?? gracePeriodOf(object);
    const { generation = 1, deletionTimestamp } = object.metadata;
    const marked = {
      ...object,
      metadata: {
        ...object.metadata,
        generation: deletionTimestamp === undefined ? generation + 1 : generation,
        deletionTimestamp: new Date(Date.now() + grace * 1000).toISOString(),
        deletionGracePeriodSeconds: grace,
      },
    };
    this.#store(resource, "MODIFIED", marked);
    if (grace === 0 && !marked.metadata.finalizers?.length)
      this.#store(resource, "DELETED", marked);
    return copy(marked);
  }

  async *watch<T extends KubeObject>(
    resource: Resource,
    options: ListOptions & { resourceVersion: string; signal: AbortSignal },
  ): AsyncIterable<WatchEvent<T>> {
    const { signal, resourceVersion } = options;
    let version = Number(resourceVersion);
    while (!signal.aborted) {
      for (const { plural, type, object } of this.history.slice(version)) {
        version += 1;
        const event = { type, object: copy(object as T) };
        if (plural === resource.plural && matches(object, options)) yield event;
      }
      if (version === this.history.length) await this.#nextChange(signal);
    }
  }

  /** A pod bound to the node `node-1`, in the namespace `test`. */
  createPod(name: string, spec: PodSpec): Promise<Pod> {
    return this.create<Pod>(PODS, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "test" },
      spec: { nodeName: "node-1", ...spec },
    });
  }

  pod(name: string): Promise<Pod | undefined> {
    return this.get<Pod>(PODS, name, "test");
  }

  /** Resolves with the pod's state as soon as it satisfies `is`; undefined stands for a removed pod. */
  async untilPod(name: string, is: (pod: Pod | undefined) => boolean): Promise<Pod | undefined> {
    for (;;) {
      const version = this.#version;
      const pod = await this.pod(name);
      if (is(pod)) return pod;
      if (version === this.#version) await this.#nextChange(this.#forever.signal);
    }
  }

  /** `reason: message` of each event on the pod in order of their first appearance, with repetitions. */
  eventsOf(name: string): readonly string[] {
    return this.history
      .filter(({ plural, type }) => plural === EVENTS.plural && type !== "DELETED")
      .map(({ object }) => object as KubeObject & { involvedObject: { name: string } })
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ reason, message }) => `${reason}: ${message}`);
  }

  async #nextChange(signal: AbortSignal): Promise<void> {
    await once(this.#changes, "change", { signal }).catch(() => {});
  }

  #store<T extends KubeObject>(resource: Resource, type: WatchEvent<T>["type"], object: T): T {
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) };
    const stored = copy({ ...object, metadata });
    const { name, namespace } = metadata;
    if (type === "DELETED") this.#objects.delete(key(resource, name, namespace));
    else this.#objects.set(key(resource, name, namespace), stored);
    this.history.push({ plural: resource.plural, type, object: stored });
    this.#changes.emit("change");
    return copy(stored);
  }
}

function gracePeriodOf(object: KubeObject): number {
  return (object as Pod).spec?.terminationGracePeriodSeconds ?? 30;
}

function matches(object: KubeObject, { fieldSelector }: ListOptions): boolean {
  const [path, value] = fieldSelector?.split("=") ?? [];
  if (path === "spec.nodeName") return (object as Pod).spec.nodeName === value;
  return path !== "metadata.name" || object.metadata.name === value;
}

function key({ plural }: Resource, name: string, namespace = ""): string {
  return `${plural}/${namespace}/${name}`;
}

function copy<T>(value: T): T {
  return structuredClone(value);
}
