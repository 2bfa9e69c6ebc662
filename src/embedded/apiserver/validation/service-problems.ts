import type { KubeObject, Service, ServicePort } from "#embedded/api/objects.ts";
import { duplicate, forbidden, invalid, notSupported, type Problem, required } from "./problem.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/** What is wrong with a service on its own. */
export function serviceProblems(object: KubeObject): readonly Problem[] {
  const { spec } = object as Service;
  const { type = "ClusterIP", ports = [], clusterIP } = spec;
  if (!TYPES.includes(type)) return [notSupported("spec.type", type, TYPES)];
  const headless = clusterIP === "None";
  return [
    ...(ports.length === 0 && !headless && type !== "ExternalName" ? [required("spec.ports")] : []),
    ...ports.flatMap((_, index) => portProblems(spec, index)),
    ...(headless && (type === "NodePort" || type === "LoadBalancer")
      ? [invalid("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`)]
      : []),
  ];
}

/** A service keeps its address for life. */
export function serviceUpdateProblems(object: KubeObject, old: KubeObject): readonly Problem[] {
  const { spec } = object as Service;
  const { spec: before } = old as Service;
  if (spec.type === "ExternalName" || before.type === "ExternalName") return [];
  if (spec.clusterIP === before.clusterIP) return [];
  const detail = "may not change once set";
  return [invalid("spec.clusterIPs[0]", [spec.clusterIP], detail)];
}

function portProblems({ type, ports = [] }: Service["spec"], index: number): readonly Problem[] {
  const port = ports[index];
  if (port === undefined) return [];
  const field = `spec.ports[${index}]`;
  const { name = "", protocol = "TCP" } = port;
  const isRepeated = (same: (other: ServicePort) => boolean) => ports.slice(0, index).some(same);
  return [
    ...(ports.length > 1 && name === "" ? [required(`${field}.name`)] : []),
    ...(name !== "" && isRepeated((other) => other.name === name)
      ? [duplicate(`${field}.name`, name)]
      : []),
    ...(Number.isInteger(port.port) && port.port >= 1 && port.port <= 65_535
      ? []
      : [invalid(`${field}.port`, port.port ?? 0, "must be between 1 and 65535, inclusive")]),
    ...(["TCP", "UDP", "SCTP"].includes(protocol)
      ? []
      : [notSupported(`${field}.protocol`, protocol, ["SCTP", "TCP", "UDP"])]),
    ...(port.nodePort !== undefined && type === "ClusterIP"
      ? [forbidden(`${field}.nodePort`, "may not be used when `type` is 'ClusterIP'")]
      : []),
  ];
}
