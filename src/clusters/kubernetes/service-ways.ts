import { isIPv4, isIPv6 } from "node:net";
import type { ApiNode, ApiService, ApiServicePort } from "./api-objects.ts";

/** One way to a Service from where we are: addresses that lead to the same, and their one port. */
export interface ServiceWay {
  /** `load balancer`, for people. */
  readonly via: string;
  readonly hosts: readonly string[];
  readonly port: number;
  /** All hosts are wanted as entrances, not any one of them. */
  readonly all: boolean;
}

/** What is known of the cluster's nodes, and whether a cluster IP means anything here. */
export interface Surroundings {
  readonly port: ApiServicePort;
  readonly nodes: readonly NodeAddresses[];
  readonly reachesClusterIPs: boolean;
}

/** One node's addresses, of each kind. */
export interface NodeAddresses {
  readonly internal: readonly string[];
  readonly external: readonly string[];
  /** Carries the cluster's own control plane, so that nobody turns it off. */
  readonly isControlPlane?: boolean;
}

/** How many nodes are entrances of the load: each may take a full time-out while it is tried. */
const MOST_NODES = 10;

/**
 * The ways to a Service, the best first. Behind a NodePort each node has a data path of its own, which
 * learns of a leaving pod when it does; so all nodes are entrances, and the slowest of them is measured too.
 */
export function serviceWays(service: ApiService, around: Surroundings): readonly ServiceWay[] {
  const { port } = around;
  const { clusterIP = "", externalTrafficPolicy } = service.spec;
  const balancers = (service.status?.loadBalancer?.ingress ?? []).flatMap(
    ({ ip, hostname }) => ip ?? hostname ?? [],
  );
  const isLocal = externalTrafficPolicy === "Local";
  const insideMeansSomething = around.reachesClusterIPs || isLoopback(clusterIP);
  return [
    { via: "load balancer", hosts: balancers, port: port.port, all: false },
    ...(port.nodePort === undefined || isLocal ? [] : nodeWays(port.nodePort, around.nodes)),
    {
      via: "ClusterIP",
      hosts: insideMeansSomething && clusterIP !== "" && clusterIP !== "None" ? [clusterIP] : [],
      port: port.port,
      all: false,
    },
  ].filter(({ hosts }) => hosts.length > 0);
}

/** A NodePort on the nodes' internal addresses, and on their external ones. */
export function nodeWays(nodePort: number, nodes: readonly NodeAddresses[]): readonly ServiceWay[] {
  const firstOf = (addresses: readonly string[]) => addresses.find(isIPv4) ?? addresses[0] ?? [];
  return [
    nodes.flatMap(({ internal }) => firstOf(internal)),
    nodes.flatMap(({ external }) => firstOf(external)),
  ].map((hosts) => ({
    via: "NodePort",
    hosts: [...new Set(hosts)].slice(0, MOST_NODES),
    port: nodePort,
    all: true,
  }));
}

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

/** The addresses of the nodes that can take part: one that is not Ready may no longer forward anything. */
export function addressesOf(nodes: readonly ApiNode[]): readonly NodeAddresses[] {
  return nodes
    .filter(
      ({ status }) => status?.conditions?.find(({ type }) => type === "Ready")?.status !== "False",
    )
    .map(({ metadata, status }) => {
      const ofType = (wanted: string) =>
        (status?.addresses ?? []).flatMap(({ type, address }) => (type === wanted ? address : []));
      const isControlPlane = metadata.labels?.[CONTROL_PLANE] !== undefined;
      return {
        internal: ofType("InternalIP"),
        external: ofType("ExternalIP"),
        ...(isControlPlane && { isControlPlane }),
      };
    });
}

/** One entrance, where others may be turned off: that of the control plane, which stays, or else the last. */
export function entranceThatStays(nodes: readonly NodeAddresses[]): readonly NodeAddresses[] {
  const chosen = nodes.find(({ isControlPlane }) => isControlPlane) ?? nodes.at(-1);
  return chosen === undefined ? [] : [chosen];
}

/** Whether kind made these nodes: then they are containers of this machine, or near it. */
export function areKindNodes(nodes: readonly ApiNode[]): boolean {
  return nodes.length > 0 && nodes.every(({ spec }) => spec?.providerID?.startsWith("kind://"));
}

/** TLS where the port says so: by its protocol, its name or its number. */
export function schemeOf({ port, name = "", appProtocol }: ApiServicePort): "http" | "https" {
  if (appProtocol !== undefined)
    return /^(?:.*\/)?(?:https|h2|wss)$/i.test(appProtocol) ? "https" : "http";
  return port === 443 || /^https(?:-|$)/.test(name) ? "https" : "http";
}

/** `[::1]:80`: an address as it stands in a URL. */
export function authorityOf(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** An address of this machine itself, as the embedded cluster gives them. */
export function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
