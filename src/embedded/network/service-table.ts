import type { EndpointSlice, Service } from "#embedded/api/objects.ts";
import type { ResourceChange } from "./follow-resource.ts";
import { type Frontend, frontendsOf, type NetworkNode } from "./service-frontends.ts";

const SERVICE_NAME = "kubernetes.io/service-name";

/** What there is to learn from the API, in the order in which it is learnt. */
export type DataPathChange =
  | { readonly resource: "services"; readonly change: ResourceChange<Service> }
  | { readonly resource: "endpointslices"; readonly change: ResourceChange<EndpointSlice> };

/** The Services and their endpoints as last applied; either may come before the other. */
export class ServiceTable {
  readonly #nodes: readonly NetworkNode[];
  readonly #services = new Map<string, Service>();
  readonly #slices = new Map<string, Map<string, EndpointSlice>>();

  constructor(nodes: readonly NetworkNode[]) {
    this.#nodes = nodes;
  }

  /** Says which Service is concerned, or undefined when none is. */
  apply(applied: DataPathChange): string | undefined {
    return applied.resource === "services"
      ? this.#applyService(applied.change)
      : this.#applySlice(applied.change);
  }

  service(key: string): Service | undefined {
    return this.#services.get(key);
  }

  frontends(key: string): readonly Frontend[] {
    const service = this.#services.get(key);
    const slices = [...(this.#slices.get(key)?.values() ?? [])];
    return service === undefined ? [] : frontendsOf(service, slices, this.#nodes);
  }

  /** Of every Service. */
  allFrontends(): readonly Frontend[] {
    return [...this.#services.keys()].flatMap((key) => this.frontends(key));
  }

  #applyService({ type, object }: ResourceChange<Service>): string {
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    if (type === "DELETED") this.#services.delete(key);
    else this.#services.set(key, object);
    return key;
  }

  #applySlice({ type, object }: ResourceChange<EndpointSlice>): string | undefined {
    const { name, namespace, labels } = object.metadata;
    const service = labels?.[SERVICE_NAME];
    if (service === undefined) return undefined;
    const key = `${namespace}/${service}`;
    const slices = this.#slices.get(key) ?? new Map<string, EndpointSlice>();
    if (type === "DELETED") slices.delete(name);
    else slices.set(name, object);
    if (slices.size === 0) this.#slices.delete(key);
    else this.#slices.set(key, slices);
    return key;
  }
}
