import type { KubeObject } from "#embedded/api/objects.ts";
import { ENDPOINT_SLICES, LEASES, POD_DISRUPTION_BUDGETS } from "#embedded/api/resources.ts";
import { fillIn, objectAt, objectsIn } from "#embedded/apiserver/json/fill-in.ts";
import {
  define,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import { AUTOSCALER_TABLE } from "#embedded/apiserver/tables/autoscaler-table.ts";
import { budgetProblems } from "#embedded/apiserver/validation/budget-problems.ts";
import { autoscalerToV1, autoscalerToV2 } from "./autoscaler-versions.ts";

/** Everything outside the core group and the workloads; most of it is only stored. */
export const OTHER_RESOURCES: readonly ResourceDefinition[] = [
  define(ENDPOINT_SLICES, {
    tracksGeneration: true,
    rules: {
      setDefaults: (draft) => {
        for (const port of objectsIn(draft, "ports")) fillIn(port, { name: "", protocol: "TCP" });
        // Kubernetes keeps slices in protobuf, where an empty list is none; these two are served as null.
        for (const list of ["endpoints", "ports"]) {
          if (objectsIn(draft, list).length === 0) draft[list] = null;
        }
      },
    },
  }),
  define(POD_DISRUPTION_BUDGETS, {
    shortNames: ["pdb"],
    hasStatus: true,
    tracksGeneration: true,
    allowsUnconditionalUpdate: false,
    rules: {
      prepareForCreate: (draft) => {
        draft.status = {
          disruptionsAllowed: 0,
          currentHealthy: 0,
          desiredHealthy: 0,
          expectedPods: 0,
        };
      },
      validate: budgetProblems,
    },
  }),
  define(LEASES, { allowsUnconditionalUpdate: false }),
  autoscalers("v2"),
  autoscalers("v1", { fromStored: autoscalerToV1, toStored: autoscalerToV2 }),
  define(
    {
      group: "scheduling.k8s.io",
      version: "v1",
      plural: "priorityclasses",
      kind: "PriorityClass",
      namespaced: false,
    },
    {
      shortNames: ["pc"],
      tracksGeneration: true,
      rules: {
        setDefaults: (draft) => {
          draft["preemptionPolicy"] ??= "PreemptLowerPriority";
        },
      },
    },
  ),
  ...storedOnly("networking.k8s.io", [
    ["ingresses", "Ingress", "ing"],
    ["networkpolicies", "NetworkPolicy", "netpol"],
  ]),
  ...storedOnly("rbac.authorization.k8s.io", [
    ["roles", "Role"],
    ["rolebindings", "RoleBinding"],
  ]),
  ...storedOnly(
    "rbac.authorization.k8s.io",
    [
      ["clusterroles", "ClusterRole"],
      ["clusterrolebindings", "ClusterRoleBinding"],
    ],
    false,
  ),
  ...storedOnly("networking.k8s.io", [["ingressclasses", "IngressClass"]], false),
  ...storedOnly(
    "storage.k8s.io",
    [
      ["storageclasses", "StorageClass", "sc"],
      ["csidrivers", "CSIDriver"],
      ["csinodes", "CSINode"],
    ],
    false,
  ),
  flowControl("flowschemas", "FlowSchema"),
  flowControl("prioritylevelconfigurations", "PriorityLevelConfiguration"),
  ...storedOnly("node.k8s.io", [["runtimeclasses", "RuntimeClass"]], false),
];

function autoscalers(
  version: string,
  conversion?: NonNullable<ResourceDefinition["conversion"]>,
): ResourceDefinition {
  const plural = "horizontalpodautoscalers";
  const kind = "HorizontalPodAutoscaler";
  return define(
    { group: "autoscaling", version, plural, kind, namespaced: true },
    {
      shortNames: ["hpa"],
      categories: ["all"],
      hasStatus: true,
      rules: {
        setDefaults: (draft) => fillIn(objectAt(draft, "spec"), { minReplicas: 1 }),
        prepareForCreate: (draft) => {
          draft.status = { currentReplicas: 0, desiredReplicas: 0 };
        },
      },
      ...(conversion === undefined ? {} : { conversion, printer: AUTOSCALER_TABLE }),
    },
  );
}

/** Kept, and nothing more: this server makes nobody wait. */
function flowControl(plural: string, kind: string): ResourceDefinition {
  const resource = { group: "flowcontrol.apiserver.k8s.io", version: "v1", plural, kind };
  const rules = {
    prepareForCreate: (draft: KubeObject) => {
      draft.status = {};
    },
  };
  const particulars = { hasStatus: true, tracksGeneration: true, rules };
  return define({ ...resource, namespaced: false }, particulars);
}

type NamedKind = readonly [plural: string, kind: string, shortName?: string];

function storedOnly(
  group: string,
  kinds: readonly NamedKind[],
  namespaced = true,
): readonly ResourceDefinition[] {
  return kinds.map(([plural, kind, shortName]) =>
    define(
      { group, version: "v1", plural, kind, namespaced },
      {
        shortNames: shortName === undefined ? [] : [shortName],
        // Policies and routes have a spec whose changes count; roles and classes have none.
        tracksGeneration: group === "networking.k8s.io",
        hasStatus: kind === "Ingress",
        returnsDeleted: group === "storage.k8s.io",
      },
    ),
  );
}
