import type { Container, Pod } from "#embedded/api/objects.ts";
import { parseQuantity } from "#embedded/api/quantity.ts";

/** What a pod is told about itself, beyond its own object. */
export interface PodFacts {
  readonly podIP: string;
  readonly hostIP: string;
  readonly nodeName: string;
  /** What a container without a limit may use: the node's allocatable cpu and memory. */
  readonly allocatable: Readonly<Record<string, string>>;
}

/** The value of a `fieldRef`, or undefined when the path is none that a pod can be told. */
export function fieldValue(path: string, pod: Pod, facts: PodFacts): string | undefined {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed !== null) {
    const map = keyed[1] === "labels" ? metadata.labels : metadata.annotations;
    return map?.[keyed[2] ?? ""] ?? "";
  }
  switch (path) {
    case "metadata.name":
      return metadata.name;
    case "metadata.namespace":
      return metadata.namespace ?? "default";
    case "metadata.uid":
      return metadata.uid;
    case "metadata.labels":
      return lines(metadata.labels);
    case "metadata.annotations":
      return lines(metadata.annotations);
    case "spec.nodeName":
      return facts.nodeName;
    case "spec.serviceAccountName":
      return String(spec["serviceAccountName"] ?? "default");
    case "status.podIP":
    case "status.podIPs":
      return facts.podIP;
    case "status.hostIP":
    case "status.hostIPs":
      return facts.hostIP;
    default:
      return undefined;
  }
}

/** The value of a `resourceFieldRef`: the figure divided by the divisor and rounded up. */
export function resourceValue(
  reference: { readonly resource: string; readonly divisor?: string },
  container: Container,
  facts: PodFacts,
): string {
  const [kind = "", resource = ""] = reference.resource.split(/\.(.*)/);
  const figures = kind === "limits" ? container.resources?.limits : container.resources?.requests;
  const quantity = figures?.[resource] ?? (kind === "limits" ? facts.allocatable[resource] : "0");
  const divisor = parseQuantity(reference.divisor ?? "1") || 1;
  return String(Math.ceil(Number((parseQuantity(quantity ?? "0") / divisor).toFixed(6))));
}

function lines(map: Readonly<Record<string, string>> = {}): string {
  const sorted = Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join("\n");
}
