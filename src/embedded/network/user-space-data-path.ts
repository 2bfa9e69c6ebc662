import { isDeepStrictEqual } from "node:util";
import type { Service } from "#embedded/api/objects.ts";
import type { ConnectionLog } from "./connection-log.ts";
import { FrontendProxy } from "./frontend-proxy.ts";
import type { Frontend, NetworkNode } from "./service-frontends.ts";
import { type DataPathChange, ServiceTable } from "./service-table.ts";

export interface UserSpaceOptions {
  readonly nodes: readonly NetworkNode[];
  readonly log: ConnectionLog;
  /** A port of a Service could not be bound; the others are not affected. */
  readonly onListenFailure: (service: Service, frontend: Frontend, error: Error) => void;
}

interface Served {
  frontend: Frontend;
  readonly proxy: FrontendProxy;
  failed: boolean;
}

/**
 * What kube-proxy's rules are on a node, without the rights to make rules: a listener for each address and
 * port where a Service can be reached, which passes every connection on.
 */
export class UserSpaceDataPath {
  readonly #options: UserSpaceOptions;
  readonly #table: ServiceTable;
  readonly #served = new Map<string, Map<string, Served>>();
  /** Gone from the rules, but with connections that may still be open. */
  readonly #retired = new Set<FrontendProxy>();

  constructor(options: UserSpaceOptions) {
    this.#options = options;
    this.#table = new ServiceTable(options.nodes);
  }

  apply(applied: DataPathChange): void {
    const key = this.#table.apply(applied);
    if (key !== undefined) this.#sync(key);
  }

  /** Resolves when every listener has opened, closed or failed as last applied. */
  async settled(): Promise<void> {
    await Promise.all(this.#proxies().map((proxy) => proxy.settled()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#proxies().map((proxy) => proxy.stop()));
  }

  #sync(key: string): void {
    const service = this.#table.service(key);
    const wanted = this.#table.frontends(key);
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
      proxy: new FrontendProxy(frontend, { onFailure, log: this.#options.log }),
      failed: false,
    };
    return served;
  }

  #proxies(): readonly FrontendProxy[] {
    const served = [...this.#served.values()].flatMap((frontends) => [...frontends.values()]);
    return [...served.map(({ proxy }) => proxy), ...this.#retired];
  }
}
