import type { ApiClient } from "#embedded/api/client.ts";
import type { EndpointSlice, Service } from "#embedded/api/objects.ts";
import { ENDPOINT_SLICES, SERVICES } from "#embedded/api/resources.ts";
import { ConnectionLog, type LedConnection } from "./connection-log.ts";
import { ConnectionServer } from "./connection-server.ts";
import { DelayLine } from "./delay-line.ts";
import { followResource } from "./follow-resource.ts";
import { FrontendProxy } from "./frontend-proxy.ts";
import { type Kernel, KernelDataPath } from "./kernel-data-path.ts";
import { recordListenFailure } from "./listen-failure-event.ts";
import type { ListenAddress } from "./port-listener.ts";
import type { NetworkNode } from "./service-frontends.ts";
import type { DataPathChange } from "./service-table.ts";
import { UserSpaceDataPath, type UserSpaceOptions } from "./user-space-data-path.ts";

export interface NetworkOptions {
  readonly client: ApiClient;
  /** Where node ports are served. */
  readonly nodes: readonly NetworkNode[];
  /** From a change of a Service or EndpointSlice until new connections follow it: kube-proxy's sync. */
  readonly dataPathDelayMs: number;
  /** Translates addresses by rules; without one every connection is passed on by this process. */
  readonly kernel?: Kernel | undefined;
  /** The API server listens on the loopback of this machine, where a pod with a namespace cannot get. */
  readonly apiServer?: { readonly at: ListenAddress; readonly to: ListenAddress } | undefined;
}

/**
 * Forwards the traffic of every Service, as kube-proxy does with rules in the kernel:
 *
 *   EndpointSlice changes ──► delay ──► rules ──► a backend for each new connection
 *
 * Without the kernel's help there is one difference that a client can see: a backend that refuses, refuses
 * after the client was accepted, so the client gets a reset instead of a refusal.
 */
export async function startNetwork({
  client,
  nodes,
  dataPathDelayMs,
  kernel,
  apiServer,
}: NetworkOptions): Promise<{ stop(): Promise<void> }> {
  const stopped = new AbortController();
  const { signal } = stopped;
  const told = new Set<Promise<void>>();
  const onListenFailure: UserSpaceOptions["onListenFailure"] = (service, frontend, error) => {
    if (isApiService(service)) return;
    const telling = recordListenFailure(client, service, frontend, error)
      .catch(() => undefined) // the Service's namespace may be going away
      .finally(() => told.delete(telling));
    told.add(telling);
  };
  const log = new ConnectionLog();
  const dataPath =
    kernel === undefined
      ? new UserSpaceDataPath({ nodes, log, onListenFailure })
      : await KernelDataPath.start({ nodes, log, kernel });
  const witnesses = await startWitnesses(nodes, log);
  const passage = apiServer && passOn(apiServer.at, apiServer.to);
  const delayLine = new DelayLine<DataPathChange>(dataPathDelayMs, (item) => dataPath.apply(item));

  let started = false;
  const learn = (item: DataPathChange) => {
    if (started) delayLine.push(item);
    else dataPath.apply(item); // what was there before the network came up is not news
  };
  const followers = await Promise.all([
    followResource<Service>(
      client,
      SERVICES,
      (change) => learn({ resource: "services", change }),
      signal,
    ),
    followResource<EndpointSlice>(
      client,
      ENDPOINT_SLICES,
      (change) => learn({ resource: "endpointslices", change }),
      signal,
    ),
  ]);
  started = true;
  await Promise.all([dataPath.settled(), passage?.settled()]);

  return {
    async stop() {
      stopped.abort();
      await Promise.all(followers.map(({ ended }) => ended));
      delayLine.stop();
      await Promise.all(witnesses.map((witness) => witness.stop()));
      await Promise.all([dataPath.stop(), passage?.stop()]);
      await Promise.all(told);
    },
  };
}

/** A passage from one address to another, for whoever cannot reach the other. */
function passOn(at: ListenAddress, to: ListenAddress): FrontendProxy {
  const [key, portName, servicePort] = [`${at.address}:${at.port}`, "https", ""];
  const eligible = [{ ...to, ready: true, serving: true, terminating: false }];
  const frontend = { ...at, key, portName, servicePort, eligible, whenNobody: "refuse" } as const;
  return new FrontendProxy(frontend, {
    onFailure: (error) => {
      process.emitWarning(`Pods cannot reach the API server at ${key}: ${error.message}`);
    },
  });
}

/** Each node tells of what came in at its own address; the first one also of what came in at no node's. */
async function startWitnesses(
  nodes: readonly NetworkNode[],
  log: ConnectionLog,
): Promise<readonly ConnectionServer[]> {
  const isAt = ({ to }: LedConnection, address: string) => to.startsWith(`${address}:`);
  const servers = await Promise.all(
    nodes.map(({ address, serverAddress }, place) => {
      if (serverAddress === undefined) return undefined;
      const elsewhere = (led: LedConnection) => !nodes.some((node) => isAt(led, node.address));
      const isOwn = (led: LedConnection) => isAt(led, address) || (place === 0 && elsewhere(led));
      return ConnectionServer.start({ address: serverAddress, log, isOwn });
    }),
  );
  return servers.filter((server) => server !== undefined);
}

/** Nobody has asked for the API's own Service, and where its port needs privileges the server has another. */
function isApiService({ metadata }: Service): boolean {
  return metadata.namespace === "default" && metadata.name === "kubernetes";
}
