import type { ApiClient } from "#embedded/api/client.ts";
import type { EndpointSlice, Service } from "#embedded/api/objects.ts";
import { ENDPOINT_SLICES, SERVICES } from "#embedded/api/resources.ts";
import { DataPath, type DataPathChange } from "./data-path.ts";
import { DelayLine } from "./delay-line.ts";
import { followResource } from "./follow-resource.ts";
import { recordListenFailure } from "./listen-failure-event.ts";
import type { NetworkNode } from "./service-frontends.ts";

export interface NetworkOptions {
  readonly client: ApiClient;
  /** Where node ports are served; every address is one of 127.0.0.0/8. */
  readonly nodes: readonly NetworkNode[];
  /** From a change of a Service or EndpointSlice until new connections follow it: kube-proxy's sync. */
  readonly dataPathDelayMs: number;
}

/**
 * Forwards the traffic of every Service, as kube-proxy does with rules in the kernel:
 *
 *   EndpointSlice changes ──► delay ──► rules ──► a backend for each new connection
 *
 * A userland path differs from the kernel's in one way a client can see: a backend that refuses, refuses
 * after the client was accepted, so the client gets a reset instead of a refusal.
 */
export async function startNetwork({
  client,
  nodes,
  dataPathDelayMs,
}: NetworkOptions): Promise<{ stop(): Promise<void> }> {
  const stopped = new AbortController();
  const { signal } = stopped;
  const told = new Set<Promise<void>>();
  const dataPath = new DataPath({
    nodes,
    onListenFailure: (service, frontend, error) => {
      if (isApiService(service)) return;
      const telling = recordListenFailure(client, service, frontend, error)
        .catch(() => undefined) // the Service's namespace may be going away
        .finally(() => told.delete(telling));
      told.add(telling);
    },
  });
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
  await dataPath.settled();

  return {
    async stop() {
      stopped.abort();
      await Promise.all(followers.map(({ ended }) => ended));
      delayLine.stop();
      await dataPath.stop();
      await Promise.all(told);
    },
  };
}

/** Nobody has asked for the API's own Service, and where its port needs privileges the server has another. */
function isApiService({ metadata }: Service): boolean {
  return metadata.namespace === "default" && metadata.name === "kubernetes";
}
