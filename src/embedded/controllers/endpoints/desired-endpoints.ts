import type { Endpoint, Node, Pod, Service } from "#embedded/api/objects.ts";
import { isReady, isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { type EndpointPort, endpointPorts } from "./endpoint-ports.ts";

/** Endpoints that are reached at the same ports; they share slices with no others. */
export interface EndpointGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/**
 * Who stands behind a Service: every selected pod with an address until its containers have exited.
 *
 * A terminating pod stays listed. It is not ready any more, unless the Service publishes whoever is not
 * ready, but serving for as long as its own Ready condition says so.
 */
export function desiredEndpoints(
  service: Service,
  pods: readonly Pod[],
  nodes: ReadonlyMap<string, Node>,
): readonly EndpointGroup[] {
  const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    if ((pod.status.podIP ?? "") === "" || isTerminal(pod)) continue;
    const ports = endpointPorts(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(pod, service, nodes.get(pod.spec.nodeName ?? "")));
    groups.set(key, group);
  }
  return [...groups.values()];
}

function endpointOf(pod: Pod, service: Service, node: Node | undefined): Endpoint {
  const { name, namespace = "", uid, deletionTimestamp } = pod.metadata;
  const serving = isReady(pod);
  const terminating = deletionTimestamp !== undefined;
  const published = service.spec.publishNotReadyAddresses === true;
  const { hostname, subdomain, nodeName } = pod.spec;
  const named = hostname !== undefined && hostname !== "" && subdomain === service.metadata.name;
  const zone = node?.metadata.labels?.["topology.kubernetes.io/zone"];
  return {
    addresses: [pod.status.podIP ?? ""],
    conditions: { ready: published || (serving && !terminating), serving, terminating },
    ...(named ? { hostname } : {}),
    targetRef: { kind: "Pod", namespace, name, uid },
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(zone === undefined ? {} : { zone }),
  };
}
