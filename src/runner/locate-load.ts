import type { ServiceAddress } from "#ports/cluster.ts";
import type { RunOptions } from "./run-options.ts";

/** Where the load goes: what the scenario names goes before what the cluster finds. */
export async function locateLoad(
  { scenario, cluster, loadsFromInside }: RunOptions,
  fewEntrances: boolean,
  signal: AbortSignal,
): Promise<ServiceAddress> {
  const { workload, service, servicePort, url } = scenario;
  if (url !== undefined) {
    const host = new URL(url).hostname.replace(/^\[|\]$/g, ""); // IPv6 has brackets in a URL only
    return { url, hosts: [host], via: "the scenario's url" };
  }
  const port = servicePort === undefined ? {} : { port: servicePort };
  return await cluster.locateService(
    {
      ...{ namespace: workload.namespace, name: service, ...port },
      ...(loadsFromInside === true && { from: "inside" }),
      ...(fewEntrances && { fewEntrances }),
    },
    signal,
  );
}
