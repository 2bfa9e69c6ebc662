import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { objectsIn } from "#embedded/apiserver/json/fill-in.ts";
import { formatLabelSelector } from "#embedded/apiserver/selectors/label-selector.ts";
import { ageOf } from "./age.ts";
import { AUTOSCALER_TABLE } from "./autoscaler-table.ts";
import { columns, type TablePrinter } from "./table.ts";
import { labelText } from "./workload-tables.ts";

const BINDINGS: TablePrinter = {
  columns: columns("Name", "Role", "Age", "Users*", "Groups*", "ServiceAccounts*"),
  cells: (object, nowMs) => {
    const role = partOf(object, "roleRef");
    const subjects = (kind: string) =>
      objectsIn(object, "subjects")
        .filter((subject) => subject["kind"] === kind)
        .map(({ name, namespace }) => (kind === "ServiceAccount" ? `${namespace}/${name}` : name))
        .join(", ");
    return [
      object.metadata.name,
      `${role["kind"]}/${role["name"]}`,
      ageOf(object.metadata.creationTimestamp, nowMs),
      subjects("User"),
      subjects("Group"),
      subjects("ServiceAccount"),
    ];
  },
};

/** Tables of what this cluster stores and hardly acts upon, by collection. */
export const OTHER_TABLES: Readonly<Record<string, TablePrinter>> = {
  "autoscaling/horizontalpodautoscalers": AUTOSCALER_TABLE,
  "rbac.authorization.k8s.io/rolebindings": BINDINGS,
  "rbac.authorization.k8s.io/clusterrolebindings": BINDINGS,
  "/resourcequotas": {
    columns: columns("Name", "Request", "Limit", "Age"),
    cells: (object, nowMs) => {
      const hard = Object.entries(partOf(object.status, "hard"));
      const used = partOf(object.status, "used");
      const text = (limits: boolean) =>
        hard
          .filter(([name]) => /^(?:requests\.)?limits\./.test(name) === limits)
          .toSorted(([left], [right]) => (left < right ? -1 : 1))
          .map(([name, value]) => `${name}: ${used[name] ?? 0}/${value}`)
          .join(", ");
      const age = ageOf(object.metadata.creationTimestamp, nowMs);
      return [object.metadata.name, text(false), text(true), age];
    },
  },
  "networking.k8s.io/ingresses": {
    columns: columns("Name", "Class", "Hosts", "Address", "Ports", "Age"),
    cells: (object, nowMs) => [
      object.metadata.name,
      specOf(object)["ingressClassName"] ?? "<none>",
      hostsOf(object),
      objectsIn(partOf(object.status, "loadBalancer"), "ingress")
        .map(({ ip, hostname }) => ip ?? hostname)
        .join(","),
      objectsIn(specOf(object), "tls").length > 0 ? "80, 443" : "80",
      ageOf(object.metadata.creationTimestamp, nowMs),
    ],
  },
  "networking.k8s.io/networkpolicies": {
    columns: columns("Name", "Pod-Selector", "Age"),
    cells: (object, nowMs) => {
      const selector = formatLabelSelector(partOf(object.spec, "podSelector"));
      const age = ageOf(object.metadata.creationTimestamp, nowMs);
      return [object.metadata.name, selector === "" ? "<none>" : selector, age];
    },
  },
  "/persistentvolumeclaims": {
    columns: columns(
      ...["Name", "Status", "Volume", "Capacity", "Access Modes", "StorageClass"],
      ...["VolumeAttributesClass", "Age", "VolumeMode*"],
    ),
    cells: (object, nowMs) => {
      const spec = specOf(object);
      const bound = spec["volumeName"] !== undefined;
      const status = isObject(object.status) ? object.status : {};
      const leaving = object.metadata.deletionTimestamp !== undefined;
      return [
        object.metadata.name,
        leaving ? "Terminating" : status["phase"],
        spec["volumeName"] ?? "",
        bound ? (partOf(status, "capacity")["storage"] ?? "") : "",
        bound ? accessModes(status["accessModes"] ?? spec["accessModes"]) : "",
        spec["storageClassName"] ?? "",
        spec["volumeAttributesClassName"] ?? "<unset>",
        ageOf(object.metadata.creationTimestamp, nowMs),
        spec["volumeMode"] ?? "<unset>",
      ];
    },
  },
  "/persistentvolumes": {
    columns: columns(
      ...["Name", "Capacity", "Access Modes", "Reclaim Policy", "Status", "Claim", "StorageClass"],
      ...["VolumeAttributesClass", "Reason", "Age", "VolumeMode*"],
    ),
    cells: (object, nowMs) => {
      const spec = specOf(object);
      const claim = partOf(spec, "claimRef");
      const status = isObject(object.status) ? object.status : {};
      return [
        object.metadata.name,
        partOf(spec, "capacity")["storage"] ?? "",
        accessModes(spec["accessModes"]),
        spec["persistentVolumeReclaimPolicy"] ?? "",
        status["phase"],
        claim["name"] === undefined ? "" : `${claim["namespace"]}/${claim["name"]}`,
        spec["storageClassName"] ?? "",
        spec["volumeAttributesClassName"] ?? "<unset>",
        status["reason"] ?? "",
        ageOf(object.metadata.creationTimestamp, nowMs),
        spec["volumeMode"] ?? "<unset>",
      ];
    },
  },
  "storage.k8s.io/storageclasses": {
    columns: columns(
      ...[
        "Name",
        "Provisioner",
        "ReclaimPolicy",
        "VolumeBindingMode",
        "AllowVolumeExpansion",
        "Age",
      ],
    ),
    cells: (object, nowMs) => {
      const { name, annotations } = object.metadata;
      const isDefault = annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
      return [
        isDefault ? `${name} (default)` : name,
        object["provisioner"],
        object["reclaimPolicy"] ?? "Delete",
        object["volumeBindingMode"] ?? "Immediate",
        object["allowVolumeExpansion"] === true,
        ageOf(object.metadata.creationTimestamp, nowMs),
      ];
    },
  },
  "/podtemplates": {
    columns: columns("Name", "Containers", "Images", "Pod Labels"),
    cells: (object) => {
      const template = partOf(object, "template");
      const containers = objectsIn(partOf(template, "spec"), "containers");
      const labels = partOf(partOf(template, "metadata"), "labels");
      return [
        object.metadata.name,
        containers.map(({ name }) => name).join(","),
        containers.map(({ image }) => image).join(","),
        labelText(labels as Readonly<Record<string, string>>), // labels are text by their schema
      ];
    },
  },
};

function specOf({ spec }: KubeObject): JsonObject {
  return isObject(spec) ? spec : {};
}

function partOf(owner: unknown, field: string): JsonObject {
  const part = isObject(owner) ? owner[field] : undefined;
  return isObject(part) ? part : {};
}

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

function accessModes(modes: unknown): string {
  return Array.isArray(modes) ? modes.map((mode) => MODES[String(mode)] ?? mode).join(",") : "";
}

const SHOWN_HOSTS = 3;

/** Every host that has rules, or all of them. */
function hostsOf(object: KubeObject): string {
  const named = objectsIn(specOf(object), "rules").map(({ host }) => String(host ?? ""));
  const hosts = named.filter((host) => host !== "");
  if (hosts.length === 0) return "*";
  const rest = hosts.length - SHOWN_HOSTS;
  const shown = hosts.slice(0, SHOWN_HOSTS).join(",");
  return rest > 0 ? `${shown} + ${rest} more...` : shown;
}
