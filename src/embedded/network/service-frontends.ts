import type { EndpointSlice, Service, ServicePort } from "#embedded/api/objects.ts";
import { type Backend, eligibleBackends } from "./endpoint-choice.ts";

export interface NetworkNode {
  readonly name: string;
  readonly address: string;
}

/** One address and port where a Service is reached, and who answers there now. */
export interface Frontend {
  /** Stays the same while the Service's endpoints come and go. */
  readonly key: string;
  readonly address: string;
  readonly port: number;
  readonly portName: string;
  readonly eligible: readonly Backend[];
  /** Set for `sessionAffinity: ClientIP`. */
  readonly affinityTimeoutMs?: number;
}

const DEFAULT_AFFINITY_SECONDS = 10_800;

/**
 * Where a Service listens: its cluster address, and each node's address at the node port. Only TCP.
 *
 * A client of the cluster address cannot be told to be on a node, since all addresses are one machine's;
 * so `internalTrafficPolicy: Local` is treated as Cluster. At a node port the node is known, and
 * `externalTrafficPolicy: Local` holds; without an endpoint of its own a node refuses there, where a
 * kernel would drop.
 */
export function frontendsOf(
  service: Service,
  slices: readonly EndpointSlice[],
  nodes: readonly NetworkNode[],
): readonly Frontend[] {
  const { clusterIP, type, ports = [], externalTrafficPolicy } = service.spec;
  if (type === "ExternalName") return [];
  return ports.filter(isTcp).flatMap((servicePort) => {
    const backends = backendsOf(servicePort, slices);
    const { port, nodePort, name = "" } = servicePort;
    const common = { portName: name === "" ? String(port) : name, ...affinityOf(service) };
    const frontends: Frontend[] = [];
    if (clusterIP !== undefined && clusterIP !== "" && clusterIP !== "None") {
      const key = `${clusterIP}:${port}`;
      const eligible = eligibleBackends(backends);
      frontends.push({ key, address: clusterIP, port, eligible, ...common });
    }
    if (nodePort === undefined || nodePort === 0) return frontends;
    for (const { name: nodeName, address } of nodes) {
      const local = externalTrafficPolicy === "Local" ? nodeName : undefined;
      const key = `${address}:${nodePort}`;
      const eligible = eligibleBackends(backends, local);
      frontends.push({ key, address, port: nodePort, eligible, ...common });
    }
    return frontends;
  });
}

/** A Service's port and a slice's port belong together by their name. */
function backendsOf(
  { name = "" }: ServicePort,
  slices: readonly EndpointSlice[],
): readonly Backend[] {
  const backends = new Map<string, Backend>();
  for (const { endpoints, ports } of slices) {
    const port = ports?.find((candidate) => (candidate.name ?? "") === name && isTcp(candidate));
    if (port?.port === undefined) continue;
    for (const { addresses, conditions, nodeName } of endpoints ?? []) {
      const [address] = addresses;
      if (address === undefined) continue;
      const ready = conditions.ready ?? true;
      backends.set(`${address}:${port.port}`, {
        address,
        port: port.port,
        ...(nodeName === undefined ? {} : { nodeName }),
        ready,
        serving: conditions.serving ?? ready,
        terminating: conditions.terminating ?? false,
      });
    }
  }
  return [...backends.values()];
}

function isTcp({ protocol = "TCP" }: { protocol?: string }): boolean {
  return protocol === "TCP";
}

function affinityOf({ spec }: Service): { readonly affinityTimeoutMs?: number } {
  if (spec.sessionAffinity !== "ClientIP") return {};
  const config = spec["sessionAffinityConfig"] as
    | { readonly clientIP?: { readonly timeoutSeconds?: number } }
    | undefined;
  const seconds = config?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS;
  return { affinityTimeoutMs: seconds * 1000 };
}
