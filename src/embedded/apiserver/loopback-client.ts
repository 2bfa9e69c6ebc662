import { ApiError, isNotFound } from "#embedded/api/api-error.ts";
import type {
  ApiClient,
  DeleteRequest,
  ListOptions,
  ListResult,
  NewObject,
  PatchRequest,
  Resource,
  Subresource,
  WatchEvent,
} from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { copyJson } from "./json/copy-json.ts";
import { bindPod } from "./registry/bind-pod.ts";
import { createObject } from "./registry/create-object.ts";
import { deleteObject } from "./registry/delete-object.ts";
import type { Authorship } from "./registry/managed-fields.ts";
import { patchObject } from "./registry/patch-object.ts";
import { getObject, listObjects, parseResourceVersion } from "./registry/read-objects.ts";
import type { ResourceCatalog } from "./registry/resource-catalog.ts";
import type { ResourceDefinition } from "./registry/resource-definition.ts";
import { patchScale, updateScale } from "./registry/scale.ts";
import type { ServerContext } from "./registry/server-context.ts";
import { type UpdatedPart, updateObject } from "./registry/update-object.ts";
import { watchObjects } from "./registry/watch-objects.ts";
import { noSuchPath } from "./status/refusals.ts";

/** The API without the wire: same verbs, same rules, and every object is the caller's own copy. */
export class LoopbackClient implements ApiClient {
  readonly #context: ServerContext;
  readonly #catalog: ResourceCatalog;
  readonly #fieldManager: string;

  /** `fieldManager` is what objects that remember their writers call this client. */
  constructor(
    context: ServerContext,
    catalog: ResourceCatalog,
    fieldManager = "kube-controller-manager",
  ) {
    this.#context = context;
    this.#catalog = catalog;
    this.#fieldManager = fieldManager;
  }

  async get<T extends KubeObject>(
    resource: Resource,
    name: string,
    namespace?: string,
  ): Promise<T | undefined> {
    try {
      return own<T>(getObject(this.#context, this.#definition(resource), { namespace, name }));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async list<T extends KubeObject>(
    resource: Resource,
    options: ListOptions = {},
  ): Promise<ListResult<T>> {
    const list = listObjects(this.#context, this.#definition(resource), options);
    return {
      items: list.items.map((object) => own<T>(object)),
      resourceVersion: list.resourceVersion,
    };
  }

  async create<T extends KubeObject>(resource: Resource, object: NewObject<T>): Promise<T> {
    const { namespace } = object.metadata;
    return own<T>(createObject(this.#context, this.#definition(resource), { namespace, object }));
  }

  async update<T extends KubeObject>(
    resource: Resource,
    object: T,
    subresource?: Subresource,
  ): Promise<T> {
    const definition = this.#definition(resource);
    const { name, namespace } = object.metadata;
    const authorship = this.#authorship(subresource);
    if (subresource === "binding") {
      return own<T>(bindPod(this.#context, definition, { namespace, name, binding: object }));
    }
    if (subresource === "scale") {
      const scaled = { namespace, name, scale: object, authorship };
      return own<T>(updateScale(this.#context, definition, scaled));
    }
    const part: UpdatedPart = subresource ?? "main";
    const updated = { namespace, name, object, part, authorship };
    return own<T>(updateObject(this.#context, definition, updated));
  }

  async patch<T extends KubeObject>(
    resource: Resource,
    { name, namespace, type, body, subresource }: PatchRequest,
  ): Promise<T> {
    const definition = this.#definition(resource);
    const patch = { type, body };
    const authorship = this.#authorship(subresource);
    if (subresource === "scale") {
      return own<T>(patchScale(this.#context, definition, { namespace, name, patch, authorship }));
    }
    if (subresource === "binding") throw noSuchPath();
    const part: UpdatedPart = subresource ?? "main";
    const patched = { namespace, name, patch, part, authorship };
    return own<T>(patchObject(this.#context, definition, patched));
  }

  async delete(
    resource: Resource,
    name: string,
    { namespace, ...options }: DeleteRequest = {},
  ): Promise<KubeObject | undefined> {
    try {
      const definition = this.#definition(resource);
      const request = { namespace, name, options };
      return own((await deleteObject(this.#context, definition, request)).object);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async *watch<T extends KubeObject>(
    resource: Resource,
    {
      resourceVersion,
      signal,
      ...selection
    }: ListOptions & { resourceVersion: string; signal: AbortSignal },
  ): AsyncGenerator<WatchEvent<T>> {
    const queue: WatchEvent<KubeObject>[] = [];
    let wake = () => {};
    const start = {
      type: "after",
      resourceVersion: parseResourceVersion(resourceVersion),
    } as const;
    const request = { ...selection, start };
    const watch = watchObjects(this.#context, this.#definition(resource), request, (event) => {
      queue.push(event);
      wake();
    });
    queue.unshift(...watch.initial);
    const onAbort = () => wake();
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const event = queue.shift();
        if (event !== undefined) {
          yield { type: event.type, object: own<T>(event.object) };
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      watch.stop();
      signal.removeEventListener("abort", onAbort);
    }
  }

  resources(): readonly Resource[] {
    return this.#catalog
      .all()
      .filter(({ verbs }) => verbs.includes("list"))
      .map(({ group, version, plural, kind, namespaced }) => ({
        group,
        version,
        plural,
        kind,
        namespaced,
      }));
  }

  #authorship(subresource: Subresource | undefined): Authorship {
    const fieldManager = this.#fieldManager;
    return { type: "update", fieldManager, subresource: subresource ?? "" };
  }

  #definition(resource: Resource): ResourceDefinition {
    const definition = this.#catalog.find(resource);
    if (definition !== undefined) return definition;
    const { group, version, plural } = resource;
    throw new ApiError(404, "NotFound", `no resource ${plural} in ${group}/${version}`);
  }
}

/** The store's objects are shared; what leaves it is a copy that the caller may change. */
function own<T extends KubeObject>(object: KubeObject): T {
  return copyJson(object) as T;
}
