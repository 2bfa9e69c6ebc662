import { HarnessError } from "#domain/errors.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { ApiConnection } from "./api-connection.ts";
import { refusal } from "./api-errors.ts";

/** Where an object lives: its collection takes a POST, `collection/name` the rest. */
export interface ResourcePath {
  readonly collection: string;
  readonly object: string;
}

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/**
 * Finds addresses by asking the API what it serves, so that custom resources work as built-in ones do.
 * Each group and version is asked once.
 */
export class ResourcePaths {
  readonly #api: ApiConnection;
  readonly #served = new Map<string, readonly ApiResource[]>();

  constructor(api: ApiConnection) {
    this.#api = api;
  }

  async find(object: KubernetesObject, signal: AbortSignal): Promise<ResourcePath> {
    const { apiVersion, kind, metadata } = object;
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const served = await this.#resourcesOf(object, root, signal);
    const resource = served.find((one) => one.kind === kind && !one.name.includes("/"));
    if (resource === undefined) {
      const kinds = new Set(
        served.filter(({ name }) => !name.includes("/")).map((one) => one.kind),
      );
      throw unknownKind(object, `It serves these kinds there: ${[...kinds].join(", ")}.`);
    }
    const scope = resource.namespaced
      ? `/namespaces/${encodeURIComponent(metadata.namespace ?? "default")}`
      : "";
    const collection = `${root}${scope}/${resource.name}`;
    return { collection, object: `${collection}/${encodeURIComponent(metadata.name)}` };
  }

  async #resourcesOf(
    object: KubernetesObject,
    root: string,
    signal: AbortSignal,
  ): Promise<readonly ApiResource[]> {
    const known = this.#served.get(root);
    if (known !== undefined) return known;
    const attempt = `look up ${object.apiVersion}`;
    const answer = await this.#api.request({ attempt, method: "GET", path: root }, signal);
    if (answer.status === 404) {
      throw unknownKind(
        object,
        `It serves nothing under ${object.apiVersion}; \`kubectl api-versions\` lists what it does.`,
      );
    }
    if (answer.status !== 200) throw refusal(attempt, answer);
    const { resources } = answer.body as { readonly resources: readonly ApiResource[] }; // an APIResourceList
    this.#served.set(root, resources);
    return resources;
  }
}

function unknownKind({ apiVersion, kind, metadata }: KubernetesObject, hint: string): HarnessError {
  return new HarnessError(
    "KIND_UNKNOWN",
    `Could not apply ${kind} ${metadata.name}; the API serves no kind ${kind} in ${apiVersion}.`,
    { hint },
  );
}
