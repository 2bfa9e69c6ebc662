import { HarnessError } from "#domain/errors.ts";
import type { ServiceAddress } from "#ports/cluster.ts";
import type { ApiService, ApiServicePort } from "./api-objects.ts";
import { authorityOf, schemeOf } from "./service-ways.ts";

/** Where pods of the cluster reach the Service: its own address, on which the data path under test lies. */
export function insideAddress(
  { spec }: ApiService,
  { name, port }: { readonly name: string; readonly port: ApiServicePort },
): ServiceAddress {
  const { clusterIP = "" } = spec;
  if (clusterIP === "" || clusterIP === "None")
    throw new HarnessError(
      "SERVICE_UNREACHABLE",
      `Service ${name} has no cluster IP, so there is no data path of a Service to load from inside.`,
      {
        hint: "Set `url:` in the scenario to where it answers within the cluster, or give it a cluster IP.",
      },
    );
  return {
    url: `${schemeOf(port)}://${authorityOf(clusterIP, port.port)}`,
    hosts: [clusterIP],
    via: "ClusterIP, from inside the cluster",
  };
}
