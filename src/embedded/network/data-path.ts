import { isDeepStrictEqual } from "node:util";
import type { EndpointSlice, Service } from "#embedded/api/objects.ts";
import type { ResourceChange } from "./follow-resource.ts";
import { FrontendProxy } from "./frontend-proxy.ts";
import { type Frontend, frontendsOf, type NetworkNode } from "./service-frontends.ts";

const SERVICE_NAME = "kubernetes.io/service-name";

export type DataPathChange =
  | { readonly resource: "services"; readonly change: ResourceChange<Service> }
  | { readonly resource: "endpointslices"; readonly change: ResourceChange<EndpointSlice> };

export interface DataPathOptions {
  readonly nodes: readonly NetworkNode[];
  /** A port of a Service could not be bound; the others are not affected. */
  readonly onListenFailure: (service: Service, frontend: Frontend, error: Error) => void;
}

interface Served {
  frontend: Frontend;
  readonly proxy: FrontendProxy;
  failed: boolean;
}

/**
 * What kube-proxy's rules are on a node: the Services and endpoints as last applied, and a listener for
 * each address and port where one can be reached.
 */
export class DataPath {
  readonly #options: DataPathOptions;
  readonly #services = new Map<string, Service>();
  readonly #slices = new Map<string, Map<string, EndpointSlice>>();
  readonly #served = new Map<string, Map<string, Served>>();
  /** Gone from the rules, but with connections that may still be open. */
  readonly #retired = new Set<FrontendProxy>();

  constructor(options: DataPathOptions) {
    this.#options = options;
  }

  apply(applied: DataPathChange): void {
    const key =
      applied.resource === "services"
        ? this.#applyService(applied.change)
        : this.#applySlice(applied.change);
    if (key !== undefined) this.#sync(key);
  }

  /** Resolves when every listener has opened, closed or failed as last applied. */
  async settled(): Promise<void> {
    await Promise.all(this.#proxies().map((proxy) => proxy.settled()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#proxies().map((proxy) => proxy.stop()));
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

  #sync(key: string): void {
    const service = this.#services.get(key);
    const slices = [...(this.#slices.get(key)?.values() ?? [])];
    const wanted = service === undefined ? [] : frontendsOf(service, slices, this.#options.nodes);
    const served = this.#served.get(key) ?? new Map<string, Served>();
    for (const [frontendKey, { proxy }] of served) {
      if (wanted.some((frontend) => frontend.key === frontendKey)) continue;
      served.delete(frontendKey);
      this.#retired.add(proxy);
      proxy.retire(() => this.#retired.delete(proxy));
    }
    for (const frontend of wanted) {
      const known = served.get(frontend.key);
      if (known === undefined && service !== undefined) {
        served.set(frontend.key, this.#serve(service, frontend));
      } else if (known !== undefined && this.#needsUpdate(known, frontend)) {
        known.frontend = frontend;
        known.failed = false;
        known.proxy.update(frontend);
      }
    }
    if (served.size === 0) this.#served.delete(key);
    else this.#served.set(key, served);
  }

  /** A port that could not be bound is tried again with every change of its Service. */
  #needsUpdate({ frontend, failed }: Served, next: Frontend): boolean {
    return failed || !isDeepStrictEqual(frontend, next);
  }

  #serve(service: Service, frontend: Frontend): Served {
    const onFailure = (error: Error) => {
      served.failed = true;
      this.#options.onListenFailure(service, served.frontend, error);
    };
    const served: Served = {
      frontend,
      proxy: new FrontendProxy(frontend, onFailure),
      failed: false,
    };
    return served;
  }

  #proxies(): readonly FrontendProxy[] {
    const served = [...this.#served.values()].flatMap((frontends) => [...frontends.values()]);
    return [...served.map(({ proxy }) => proxy), ...this.#retired];
  }
}
