import type { EndpointSlice, Service, ServicePort } from "#embedded/api/objects.ts";
import { type Backend, eligibleBackends } from "./endpoint-choice.ts";

/** A node as the data path sees it: where its NodePorts are, and whose connections come from its pods. */
export interface NetworkNode {
  readonly name: string;
  readonly address: string;
  /** Whose connections come from here are its pods; undefined where all pods are one machine's processes. */
  readonly podRange?: string | undefined;
  /** Where the node's own programs listen; absent where nobody is to be told of its connections. */
  readonly serverAddress?: string | undefined;
}

/** One address and port where a Service is reached, and who answers there now. */
export interface Frontend {
  /** Stays the same while the Service's endpoints come and go. */
  readonly key: string;
  readonly address: string;
  readonly port: number;
  readonly portName: string;
  readonly eligible: readonly Backend[];
  /** The same for every frontend of one port of a Service: a client that sticks, sticks at all of them. */
  readonly servicePort: string;
  /** Only for clients with these addresses; such a frontend comes before the one for everybody. */
  readonly clients?: string;
  /** A Local policy loses what it may not send to another node; nobody at all is refused. */
  readonly whenNobody: "refuse" | "drop";
  /** Set for `sessionAffinity: ClientIP`. */
  readonly affinityTimeoutMs?: number;
}

const DEFAULT_AFFINITY_SECONDS = 10_800;

/**
 * Where a Service listens: its cluster address, and each node's address at the node port. Only TCP.
 *
 * At a node port the node is known, and `externalTrafficPolicy: Local` holds. `internalTrafficPolicy: Local`
 * holds for clients whose node their address tells, which are the pods that have namespaces; for everybody
 * else it is treated as Cluster.
 */
export function frontendsOf(
  service: Service,
  slices: readonly EndpointSlice[],
  nodes: readonly NetworkNode[],
): readonly Frontend[] {
  const { type, ports = [] } = service.spec;
  if (type === "ExternalName") return [];
  return ports.filter(isTcp).flatMap((port) => {
    const served = { service, port, backends: backendsOf(port, slices) };
    return [...clusterFrontends(served, nodes), ...nodeFrontends(served, nodes)];
  });
}

interface ServedPort {
  readonly service: Service;
  readonly port: ServicePort;
  readonly backends: readonly Backend[];
}

function clusterFrontends(served: ServedPort, nodes: readonly NetworkNode[]): readonly Frontend[] {
  const { service, port, backends } = served;
  const { clusterIP: address = "", internalTrafficPolicy } = service.spec;
  if (address === "" || address === "None") return [];
  const place = { key: `${address}:${port.port}`, address, port: port.port, ...common(served) };
  const ofNodes =
    internalTrafficPolicy !== "Local"
      ? []
      : nodes.flatMap(({ name, podRange }) => {
          if (podRange === undefined) return [];
          const key = `${place.key} from ${podRange}`;
          return [{ ...place, key, clients: podRange, ...reachable(backends, name) }];
        });
  return [...ofNodes, { ...place, ...reachable(backends) }];
}

function nodeFrontends(served: ServedPort, nodes: readonly NetworkNode[]): readonly Frontend[] {
  const { service, port, backends } = served;
  const { nodePort = 0 } = port;
  if (nodePort === 0) return [];
  const isLocal = service.spec.externalTrafficPolicy === "Local";
  return nodes.map(({ name, address }) => {
    const place = { key: `${address}:${nodePort}`, address, port: nodePort };
    return { ...place, ...common(served), ...reachable(backends, isLocal ? name : undefined) };
  });
}

function common({ service, port }: ServedPort) {
  const { name, namespace } = service.metadata;
  const portName = port.name || String(port.port);
  const servicePort = `${namespace}/${name}:${portName}`;
  return { portName, servicePort, ...affinityOf(service) };
}

function reachable(
  backends: readonly Backend[],
  onlyOnNode?: string,
): Pick<Frontend, "eligible" | "whenNobody"> {
  const elsewhere = eligibleBackends(backends).length > 0;
  return {
    eligible: eligibleBackends(backends, onlyOnNode),
    whenNobody: elsewhere ? "drop" : "refuse",
  };
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
