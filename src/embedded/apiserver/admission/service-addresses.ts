import { ApiError } from "#embedded/api/api-error.ts";
import type { KubeObject, Service } from "#embedded/api/objects.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { invalidObject } from "#embedded/apiserver/status/refusals.ts";
import { invalid } from "#embedded/apiserver/validation/problem.ts";

const NODE_PORTS = { first: 30_000, last: 32_767 } as const;
const SERVICES = { group: "", kind: "Service" } as const;

/**
 * Gives a service its address and node ports, and keeps those it has. What is taken is read from the
 * services themselves, so nothing has to be given back when one is deleted.
 */
export function allocateServiceAddresses(
  draft: KubeObject,
  context: ServerContext,
  old?: KubeObject,
): void {
  const { spec } = draft as Service;
  const before = (old as Service | undefined)?.spec;
  if (spec.type === "ExternalName") {
    delete spec.clusterIP;
    delete spec.clusterIPs;
    for (const field of ["ipFamilies", "ipFamilyPolicy"]) delete spec[field];
    dropInheritedNodePorts(spec, before);
    return;
  }
  spec.clusterIP ??= spec.clusterIPs?.[0] ?? before?.clusterIP ?? "";
  const others = otherServices(draft, context);
  if (spec.clusterIP === "") spec.clusterIP = freeAddress(others, context);
  else if (spec.clusterIP !== "None") requireFree(draft, others);
  spec.clusterIPs = [spec.clusterIP];
  spec["ipFamilies"] ??= ["IPv4"];
  spec["ipFamilyPolicy"] ??= "SingleStack";
  if (usesNodePorts(spec)) allocateNodePorts(draft, { before, others, context });
  else dropInheritedNodePorts(spec, before);
}

/** A service that stops using node ports loses those it had; new ones are for validation to refuse. */
function dropInheritedNodePorts(spec: Service["spec"], before: Service["spec"] | undefined): void {
  const had = new Set((before?.ports ?? []).map(portKey));
  for (const port of spec.ports ?? []) if (had.has(portKey(port))) delete port.nodePort;
}

function usesNodePorts(spec: Service["spec"]): boolean {
  if (spec.type === "NodePort") return true;
  return spec.type === "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] !== false;
}

function otherServices({ metadata }: KubeObject, { store }: ServerContext): readonly Service[] {
  return store
    .entries("/services")
    .map(([, service]) => service as Service)
    .filter((service) => service.metadata.uid !== metadata.uid);
}

function freeAddress(others: readonly Service[], { serviceAddress }: ServerContext): string {
  const taken = new Set(others.map(({ spec }) => spec.clusterIP));
  for (let index = 0; ; index++) {
    const address = serviceAddress(index);
    if (address === undefined) {
      throw new ApiError(
        500,
        "InternalError",
        "Internal error occurred: failed to allocate a serviceIP: range is full",
      );
    }
    if (!taken.has(address)) return address;
  }
}

function requireFree({ metadata, spec }: KubeObject, others: readonly Service[]): void {
  const { clusterIP } = spec as Service["spec"];
  if (!others.some((other) => other.spec.clusterIP === clusterIP)) return;
  const why = `failed to allocate IP ${clusterIP}: provided IP is already allocated`;
  throw invalidObject(SERVICES, metadata.name, [invalid("spec.clusterIPs", [clusterIP], why)]);
}

interface PortAllocation {
  readonly before: Service["spec"] | undefined;
  readonly others: readonly Service[];
  readonly context: ServerContext;
}

function allocateNodePorts(draft: KubeObject, { before, others, context }: PortAllocation): void {
  const { metadata, spec } = draft as Service;
  const taken = new Set(others.flatMap(({ spec: { ports = [] } }) => ports.map(portKey)));
  for (const [index, port] of (spec.ports ?? []).entries()) {
    const same = before?.ports?.find(
      (old) => old.port === port.port && (old.protocol ?? "TCP") === (port.protocol ?? "TCP"),
    );
    if ((port.nodePort ?? 0) === 0) {
      port.nodePort = same?.nodePort ?? freeNodePort(port.protocol, taken, context);
    }
    const field = `spec.ports[${index}].nodePort`;
    const { nodePort = 0 } = port;
    if (nodePort < NODE_PORTS.first || nodePort > NODE_PORTS.last) {
      const range = `${NODE_PORTS.first}-${NODE_PORTS.last}`;
      const why = `provided port is not in the valid range. The range of valid ports is ${range}`;
      throw invalidObject(SERVICES, metadata.name, [invalid(field, nodePort, why)]);
    }
    if (taken.has(portKey(port))) {
      const why = "provided port is already allocated";
      throw invalidObject(SERVICES, metadata.name, [invalid(field, nodePort, why)]);
    }
    taken.add(portKey(port));
  }
}

function portKey({ protocol = "TCP", nodePort }: { protocol?: string; nodePort?: number }): string {
  return `${protocol}/${nodePort}`;
}

function freeNodePort(
  protocol: string | undefined,
  taken: ReadonlySet<string>,
  { random }: ServerContext,
): number {
  const count = NODE_PORTS.last - NODE_PORTS.first + 1;
  const start = Math.floor(random() * count);
  for (let step = 0; step < count; step++) {
    const nodePort = NODE_PORTS.first + ((start + step) % count);
    const port = protocol === undefined ? { nodePort } : { protocol, nodePort };
    if (!taken.has(portKey(port))) return nodePort;
  }
  throw new ApiError(
    500,
    "InternalError",
    "Internal error occurred: failed to allocate a nodePort: range is full",
  );
}
