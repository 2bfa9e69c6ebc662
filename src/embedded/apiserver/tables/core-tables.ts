import type { EndpointSlice, KubeObject, Node, Service } from "#embedded/api/objects.ts";
import { isObject } from "#embedded/apiserver/json/copy-json.ts";
import { objectsIn } from "#embedded/apiserver/json/fill-in.ts";
import { ageOf } from "./age.ts";
import { columns, type TablePrinter } from "./table.ts";
import { labelText } from "./workload-tables.ts";

/** Tables of everything that is neither a pod nor a workload, by collection. */
export const CORE_TABLES: Readonly<Record<string, TablePrinter>> = {
  "/services": {
    columns: columns(
      ...["Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector*"],
    ),
    cells: (object, nowMs) => {
      const { metadata, spec } = object as Service;
      return [
        metadata.name,
        spec.type,
        spec.clusterIP ?? "<none>",
        externalAddress(object as Service),
        portText(spec.ports ?? []),
        ageOf(metadata.creationTimestamp, nowMs),
        labelText(spec.selector),
      ];
    },
  },
  "/namespaces": {
    columns: columns("Name", "Status", "Age"),
    cells: ({ metadata, status }, nowMs) => [
      metadata.name,
      (status as { phase?: string } | undefined)?.phase ?? "",
      ageOf(metadata.creationTimestamp, nowMs),
    ],
  },
  "/nodes": {
    columns: columns(
      ...["Name", "Status", "Roles", "Age", "Version", "Internal-IP*", "External-IP*"],
      ...["OS-Image*", "Kernel-Version*", "Container-Runtime*"],
    ),
    cells: (object, nowMs) => nodeCells(object as Node, nowMs),
  },
  "/configmaps": {
    columns: columns("Name", "Data#", "Age"),
    cells: (object, nowMs) => [
      object.metadata.name,
      sizeOf(object["data"]) + sizeOf(object["binaryData"]),
      ageOf(object.metadata.creationTimestamp, nowMs),
    ],
  },
  "/secrets": {
    columns: columns("Name", "Type", "Data#", "Age"),
    cells: (object, nowMs) => [
      object.metadata.name,
      object["type"],
      sizeOf(object["data"]),
      ageOf(object.metadata.creationTimestamp, nowMs),
    ],
  },
  "/serviceaccounts": {
    columns: columns("Name", "Age"),
    cells: (object, nowMs) => [
      object.metadata.name,
      ageOf(object.metadata.creationTimestamp, nowMs),
    ],
  },
  "/endpoints": {
    columns: columns("Name", "Endpoints", "Age"),
    cells: (object, nowMs) => [
      object.metadata.name,
      endpointsText(object),
      ageOf(object.metadata.creationTimestamp, nowMs),
    ],
  },
  "discovery.k8s.io/endpointslices": {
    columns: columns("Name", "AddressType", "Ports", "Endpoints", "Age"),
    cells: (object, nowMs) => {
      const { metadata, addressType, ports, endpoints } = object as EndpointSlice;
      return [
        metadata.name,
        addressType,
        firstThree(
          (ports ?? []).map(({ port }) => String(port ?? "*")),
          "<unset>",
        ),
        firstThree(
          (endpoints ?? []).flatMap(({ addresses }) => addresses),
          "<unset>",
        ),
        ageOf(metadata.creationTimestamp, nowMs),
      ];
    },
  },
  "policy/poddisruptionbudgets": {
    columns: columns(
      ...["Name", "Min Available", "Max Unavailable", "Allowed Disruptions#", "Age"],
    ),
    cells: ({ metadata, spec, status }, nowMs) => {
      const budget = (spec ?? {}) as { minAvailable?: unknown; maxUnavailable?: unknown };
      const { disruptionsAllowed = 0 } = (status ?? {}) as { disruptionsAllowed?: number };
      return [
        metadata.name,
        String(budget.minAvailable ?? "N/A"),
        String(budget.maxUnavailable ?? "N/A"),
        disruptionsAllowed,
        ageOf(metadata.creationTimestamp, nowMs),
      ];
    },
  },
  "coordination.k8s.io/leases": {
    columns: columns("Name", "Holder", "Age"),
    cells: ({ metadata, spec }, nowMs) => [
      metadata.name,
      (spec as { holderIdentity?: string } | undefined)?.holderIdentity ?? "",
      ageOf(metadata.creationTimestamp, nowMs),
    ],
  },
  "apps/controllerrevisions": {
    columns: columns("Name", "Controller", "Revision#", "Age"),
    cells: (object, nowMs) => {
      const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
      const group = owner?.apiVersion.split("/")[0];
      return [
        object.metadata.name,
        owner === undefined ? "<none>" : `${owner.kind.toLowerCase()}.${group}/${owner.name}`,
        object["revision"],
        ageOf(object.metadata.creationTimestamp, nowMs),
      ];
    },
  },
  "scheduling.k8s.io/priorityclasses": {
    columns: columns("Name", "Value#", "Global-Default", "Age", "PreemptionPolicy"),
    cells: (object, nowMs) => [
      object.metadata.name,
      object["value"] ?? 0,
      String(object["globalDefault"] ?? false),
      ageOf(object.metadata.creationTimestamp, nowMs),
      object["preemptionPolicy"],
    ],
  },
};

/** What any other resource shows, and what kubectl itself falls back to. */
export const DEFAULT_TABLE: TablePrinter = {
  columns: columns("Name", "Created At"),
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
};

function nodeCells({ metadata, spec, status }: Node, nowMs: number): readonly unknown[] {
  const ready = status.conditions?.find(({ type }) => type === "Ready")?.status;
  const readyText = ready === "True" ? "Ready" : ready === undefined ? "Unknown" : "NotReady";
  const rolePrefix = "node-role.kubernetes.io/";
  const roles = Object.keys(metadata.labels ?? {})
    .filter((label) => label.startsWith(rolePrefix))
    .map((label) => label.slice(rolePrefix.length));
  const address = (wanted: string) =>
    status.addresses?.find(({ type }) => type === wanted)?.address ?? "<none>";
  const info = (field: string) => status.nodeInfo?.[field] ?? "<unknown>";
  return [
    metadata.name,
    spec.unschedulable === true ? `${readyText},SchedulingDisabled` : readyText,
    roles.length === 0 ? "<none>" : roles.toSorted().join(","),
    ageOf(metadata.creationTimestamp, nowMs),
    status.nodeInfo?.["kubeletVersion"] ?? "",
    address("InternalIP"),
    address("ExternalIP"),
    info("osImage"),
    info("kernelVersion"),
    info("containerRuntimeVersion"),
  ];
}

function externalAddress({ spec, status }: Service): string {
  if (spec.type === "ExternalName") return String(spec["externalName"] ?? "");
  const external = (spec["externalIPs"] as readonly string[] | undefined) ?? [];
  if (spec.type !== "LoadBalancer") return external.length === 0 ? "<none>" : external.join(",");
  const balancer =
    isObject(status) && isObject(status["loadBalancer"]) ? status["loadBalancer"] : {};
  const given = objectsIn(balancer, "ingress").map(({ ip, hostname }) => String(ip ?? hostname));
  return given.length === 0 ? "<pending>" : given.join(",");
}

function portText(ports: NonNullable<Service["spec"]["ports"]>): string {
  if (ports.length === 0) return "<none>";
  return ports
    .map(({ port, nodePort, protocol = "TCP" }) =>
      nodePort === undefined ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`,
    )
    .join(",");
}

function endpointsText(object: KubeObject): string {
  const addresses = objectsIn(object, "subsets").flatMap((subset) =>
    objectsIn(subset, "addresses").flatMap(({ ip }) => {
      const ports = objectsIn(subset, "ports").map(({ port }) => `${ip}:${port}`);
      return ports.length === 0 ? [String(ip)] : ports;
    }),
  );
  return firstThree(addresses, "<none>");
}

function firstThree(values: readonly string[], none: string): string {
  if (values.length === 0) return none;
  const rest = values.length - 3;
  return rest > 0 ? `${values.slice(0, 3).join(",")} + ${rest} more...` : values.join(",");
}

function sizeOf(map: unknown): number {
  return isObject(map) ? Object.keys(map).length : 0;
}
