import { HarnessError } from "#domain/errors.ts";
import type { ApiNode, ApiService, ApiServicePort } from "./api-objects.ts";

/** A way to the Service; `via` says which, for people. */
export interface ServiceAddress {
  readonly via: string;
  readonly host: string;
  readonly port: number;
}

/** How many nodes are tried for a NodePort: any one will do, and each may take a full time-out. */
const NODES_TRIED = 10;

/**
 * The ways to a Service from outside of its pods, the best first, in ranks: within one rank any will do.
 * A node's external address comes before its internal one.
 */
export function serviceAddresses(
  service: ApiService,
  { port, nodes }: { readonly port: ApiServicePort; readonly nodes: readonly ApiNode[] },
): readonly (readonly ServiceAddress[])[] {
  const balanced = (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => {
    const host = ip ?? hostname;
    return host === undefined ? [] : [{ via: "load balancer", host, port: port.port }];
  });
  const { nodePort } = port;
  const external = addressesOfType(nodes, "ExternalIP");
  const onNodes =
    nodePort === undefined
      ? []
      : [...external, ...addressesOfType(nodes, "InternalIP")]
          .slice(0, NODES_TRIED)
          .map((host) => ({ via: "NodePort", host, port: nodePort }));
  const { clusterIP } = service.spec;
  const inside =
    clusterIP === undefined || clusterIP === "" || clusterIP === "None"
      ? []
      : [{ via: "ClusterIP", host: clusterIP, port: port.port }];
  return [balanced, onNodes, inside].filter((rank) => rank.length > 0);
}

/** The port that the load goes to: the one asked for, or the only one. */
export function choosePort(
  service: ApiService,
  { name, wanted }: { readonly name: string; readonly wanted: number | undefined },
): ApiServicePort {
  const ports = service.spec.ports ?? [];
  const fitting = wanted === undefined ? ports : ports.filter(({ port }) => port === wanted);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const listed = ports.map((one) => (one.name ? `${one.port} (${one.name})` : one.port)).join(", ");
  throw new HarnessError(
    "SERVICE_PORT_UNKNOWN",
    wanted === undefined
      ? `Service ${name} has ${ports.length} ports, and the scenario names none of them.`
      : `Service ${name} has no port ${wanted}.`,
    {
      hint: `Name one of its ports in the scenario as \`servicePort\`: ${listed || "it has none"}.`,
    },
  );
}

function addressesOfType(nodes: readonly ApiNode[], type: string): readonly string[] {
  return nodes.flatMap(({ status }) =>
    (status?.addresses ?? []).filter((one) => one.type === type).map(({ address }) => address),
  );
}
