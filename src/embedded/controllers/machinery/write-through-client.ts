import { setImmediate as nextTurn } from "node:timers/promises";
import type {
  ApiClient,
  DeleteRequest,
  ListOptions,
  NewObject,
  PatchRequest,
  Resource,
  Subresource,
} from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import type { Informers } from "./informers.ts";

/**
 * The API for controllers: every answer to a write is put into the informers before the writer goes on,
 * so that its next look at the cache sees its own work. This takes the place of Kubernetes' expectations.
 *
 * The writer goes on in a later turn of the event loop, as if the answer had come over a network: whoever
 * was woken by the write acts on it before the writer's next one. Without that a controller would write
 * twice before anybody had seen the first.
 */
export class WriteThroughClient implements ApiClient {
  readonly #client: ApiClient;
  readonly #informers: Informers;

  constructor(client: ApiClient, informers: Informers) {
    this.#client = client;
    this.#informers = informers;
  }

  async get<T extends KubeObject>(resource: Resource, name: string, namespace?: string) {
    return this.#client.get<T>(resource, name, namespace);
  }

  async list<T extends KubeObject>(resource: Resource, options?: ListOptions) {
    return this.#client.list<T>(resource, options);
  }

  async create<T extends KubeObject>(resource: Resource, object: NewObject<T>): Promise<T> {
    return await this.#answer(resource, await this.#client.create<T>(resource, object));
  }

  async update<T extends KubeObject>(
    resource: Resource,
    object: T,
    subresource?: Subresource,
  ): Promise<T> {
    const updated = await this.#client.update<T>(resource, object, subresource);
    if (updated.kind === resource.kind) return await this.#answer(resource, updated);
    await nextTurn();
    return updated;
  }

  async patch<T extends KubeObject>(resource: Resource, patch: PatchRequest): Promise<T> {
    return await this.#answer(resource, await this.#client.patch<T>(resource, patch));
  }

  async delete(resource: Resource, name: string, options?: DeleteRequest) {
    const deleted = await this.#client.delete(resource, name, options);
    const informer = this.#informers.find(resource);
    if (deleted !== undefined && lingers(deleted)) informer?.remember(deleted);
    else if (deleted !== undefined) informer?.forget(deleted);
    await nextTurn();
    return deleted;
  }

  watch<T extends KubeObject>(
    resource: Resource,
    options: ListOptions & { resourceVersion: string; signal: AbortSignal },
  ) {
    return this.#client.watch<T>(resource, options);
  }

  resources(): readonly Resource[] {
    return this.#client.resources();
  }

  async #answer<T extends KubeObject>(resource: Resource, object: T): Promise<T> {
    const informer = this.#informers.find(resource);
    const gone = object.metadata.deletionTimestamp !== undefined && !lingers(object);
    if (gone)
      informer?.forget(object); // the write took away its last finalizer
    else informer?.remember(object);
    await nextTurn();
    return object;
  }
}

/** A deleted object stays for its finalizers (a namespace has them elsewhere) and, a pod, for its grace period. */
function lingers({ metadata, kind, spec }: KubeObject): boolean {
  if (metadata.deletionTimestamp === undefined) return false;
  if (kind === "Namespace") return ((spec as NamespaceSpec)?.finalizers ?? []).length > 0;
  return (metadata.finalizers ?? []).length > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0;
}

type NamespaceSpec = { readonly finalizers?: readonly string[] } | undefined;
