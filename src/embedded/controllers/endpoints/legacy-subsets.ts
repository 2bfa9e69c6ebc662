import type { Pod, Service } from "#embedded/api/objects.ts";
import { isReady, isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { type EndpointPort, endpointPorts } from "./endpoint-ports.ts";

interface Address {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef: {
    readonly kind: "Pod";
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
}

/** The legacy Endpoints' way to tell addresses that share their ports. */
export interface Subset {
  readonly addresses?: readonly Address[];
  readonly notReadyAddresses?: readonly Address[];
  readonly ports?: readonly object[];
}

/** Unlike in slices, a terminating pod is dropped at once, unless the Service publishes everybody. */
export function legacySubsets(service: Service, pods: readonly Pod[]): readonly Subset[] {
  const published = service.spec.publishNotReadyAddresses === true;
  const listed = pods.filter(
    (pod) =>
      (pod.status.podIP ?? "") !== "" &&
      !isTerminal(pod) &&
      (published || pod.metadata.deletionTimestamp === undefined),
  );
  const groups = new Map<string, { ports: readonly EndpointPort[]; pods: Pod[] }>();
  for (const pod of listed) {
    const ports = endpointPorts(service, pod);
    // A pod that has none of the ports is no endpoint here, though it is one in a slice.
    if (ports.length === 0 && (service.spec.ports ?? []).length > 0) continue;
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => {
    const addresses = (ready: boolean) =>
      group.pods
        .filter((pod) => (published || isReady(pod)) === ready)
        .map((pod) => addressOf(pod, service))
        .toSorted((a, b) => (a.ip < b.ip ? -1 : 1));
    const [ready, notReady] = [addresses(true), addresses(false)];
    return {
      ...(ready.length === 0 ? {} : { addresses: ready }),
      ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady }),
      ...(group.ports.length === 0 ? {} : { ports: group.ports.map(legacyPort) }),
    };
  });
}

function addressOf({ metadata, spec, status }: Pod, service: Service): Address {
  const { name, namespace = "", uid } = metadata;
  const named = (spec.hostname ?? "") !== "" && spec.subdomain === service.metadata.name;
  return {
    ip: status.podIP ?? "",
    ...(named && spec.hostname !== undefined ? { hostname: spec.hostname } : {}),
    ...(spec.nodeName === undefined ? {} : { nodeName: spec.nodeName }),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
}

function legacyPort({ name = "", port, protocol }: EndpointPort): object {
  return { ...(name === "" ? {} : { name }), port, protocol };
}
