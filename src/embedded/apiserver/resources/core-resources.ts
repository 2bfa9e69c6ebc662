import type { Pod, Service } from "#embedded/api/objects.ts";
import {
  CONFIG_MAPS,
  ENDPOINTS,
  EVENTS,
  NAMESPACES,
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PODS,
  REPLICATION_CONTROLLERS,
  RESOURCE_QUOTAS,
  SECRETS,
  SERVICE_ACCOUNTS,
  SERVICES,
} from "#embedded/api/resources.ts";
import { setLimitRangeDefaults } from "#embedded/apiserver/admission/limit-ranges.ts";
import { preparePod } from "#embedded/apiserver/admission/pod-admission.ts";
import {
  encodeStringData,
  immutabilityProblems,
  keyProblems,
  secretUpdateProblems,
} from "#embedded/apiserver/admission/secret-data.ts";
import { allocateServiceAddresses } from "#embedded/apiserver/admission/service-addresses.ts";
import { setPodSpecDefaults } from "#embedded/apiserver/defaults/pod-spec-defaults.ts";
import { setServiceDefaults } from "#embedded/apiserver/defaults/service-defaults.ts";
import {
  setReplicationControllerDefaults,
  setTemplateDefaults,
  specOf,
} from "#embedded/apiserver/defaults/workload-defaults.ts";
import { fillIn } from "#embedded/apiserver/json/fill-in.ts";
import { EPHEMERAL_CONTAINERS } from "#embedded/apiserver/pod-parts/ephemeral-containers.ts";
import { RESIZE } from "#embedded/apiserver/pod-parts/resize.ts";
import {
  define,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import {
  podCreateProblems,
  podProblems,
  podUpdateProblems,
} from "#embedded/apiserver/validation/pod-problems.ts";
import {
  serviceProblems,
  serviceUpdateProblems,
} from "#embedded/apiserver/validation/service-problems.ts";
import { EVENT_FIELDS, eventFieldsOf } from "./event-resources.ts";

const pods = define(PODS, {
  shortNames: ["po"],
  categories: ["all"],
  hasStatus: true,
  tracksGeneration: true,
  returnsDeleted: true,
  rules: {
    setDefaults: (draft) => setPodSpecDefaults(specOf(draft)),
    prepareForCreate: preparePod,
    validate: podProblems,
    validateCreate: podCreateProblems,
    validateUpdate: podUpdateProblems,
    parts: { ephemeralcontainers: EPHEMERAL_CONTAINERS, resize: RESIZE },
    selectableFields: [
      "spec.nodeName",
      "spec.restartPolicy",
      "spec.schedulerName",
      "spec.serviceAccountName",
      "spec.hostNetwork",
      "status.phase",
      "status.podIP",
      "status.podIPs",
      "status.nominatedNodeName",
    ],
    fieldsOf: (object) => {
      const { spec, status } = object as Pod;
      return {
        "spec.nodeName": spec.nodeName ?? "",
        "spec.restartPolicy": spec.restartPolicy ?? "",
        "spec.schedulerName": String(spec["schedulerName"] ?? ""),
        "spec.serviceAccountName": String(spec["serviceAccountName"] ?? ""),
        "spec.hostNetwork": String(spec["hostNetwork"] ?? false),
        "status.phase": status.phase ?? "",
        "status.podIP": status.podIP ?? "",
        "status.podIPs": status.podIPs?.map(({ ip }) => ip).join(",") ?? "",
        "status.nominatedNodeName": String(status["nominatedNodeName"] ?? ""),
      };
    },
  },
});

const services = define(SERVICES, {
  shortNames: ["svc"],
  categories: ["all"],
  hasStatus: true,
  returnsDeleted: true,
  rules: {
    setDefaults: setServiceDefaults,
    prepareForCreate: (draft, context) => {
      draft.status = { loadBalancer: {} };
      allocateServiceAddresses(draft, context);
    },
    prepareForUpdate: (draft, old, context) => allocateServiceAddresses(draft, context, old),
    validate: serviceProblems,
    validateUpdate: serviceUpdateProblems,
    selectableFields: ["spec.clusterIP", "spec.type"],
    fieldsOf: (object) => {
      const { spec } = object as Service;
      return { "spec.clusterIP": spec.clusterIP ?? "", "spec.type": spec.type ?? "" };
    },
  },
});

const namespaces = define(NAMESPACES, {
  shortNames: ["ns"],
  hasStatus: true,
  returnsDeleted: true,
  verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  rules: {
    prepareForCreate: (draft) => {
      const labels = draft.metadata.labels ?? {};
      draft.metadata.labels = { ...labels, "kubernetes.io/metadata.name": draft.metadata.name };
      draft.spec = { finalizers: ["kubernetes"] };
      draft.status = { phase: "Active" };
    },
    // Only the finalize subresource changes them.
    prepareForUpdate: (draft, old) => {
      draft.spec = old.spec;
      const labels = draft.metadata.labels ?? {};
      draft.metadata.labels = { ...labels, "kubernetes.io/metadata.name": draft.metadata.name };
    },
    selectableFields: ["status.phase"],
    fieldsOf: ({ status }) => ({ "status.phase": textAt(status, "phase") }),
  },
});

const nodes = define(NODES, {
  shortNames: ["no"],
  hasStatus: true,
  takesFirstStatus: true,
  rules: {
    prepareForCreate: (draft) => {
      specOf(draft);
      draft.status ??= {};
    },
    selectableFields: ["spec.unschedulable"],
    fieldsOf: ({ spec }) => ({
      "spec.unschedulable": String((spec as { unschedulable?: boolean })?.unschedulable ?? false),
    }),
  },
});

const secrets = define(SECRETS, {
  rules: {
    setDefaults: (draft) => {
      draft["type"] ??= "Opaque";
      encodeStringData(draft);
    },
    validate: keyProblems,
    validateUpdate: secretUpdateProblems,
    selectableFields: ["type"],
    fieldsOf: (object) => ({ type: String(object["type"] ?? "") }),
  },
});

const replicationControllers = define(REPLICATION_CONTROLLERS, {
  shortNames: ["rc"],
  categories: ["all"],
  hasStatus: true,
  hasScale: true,
  tracksGeneration: true,
  orphansByDefault: true,
  rules: {
    setDefaults: setReplicationControllerDefaults,
    prepareForCreate: (draft) => {
      draft.status = { replicas: 0 };
    },
    selectableFields: ["status.replicas"],
    fieldsOf: ({ status }) => ({ "status.replicas": textAt(status, "replicas") }),
  },
});

/** The resources of the core group, `/api/v1`. */
/** Whom pods speak for. */
export const SERVICE_ACCOUNT_RESOURCE = define(SERVICE_ACCOUNTS, {
  shortNames: ["sa"],
  returnsDeleted: true,
});

export const CORE_RESOURCES: readonly ResourceDefinition[] = [
  pods,
  services,
  namespaces,
  nodes,
  secrets,
  replicationControllers,
  define(ENDPOINTS, {
    shortNames: ["ep"],
    deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  }),
  define(EVENTS, {
    shortNames: ["ev"],
    rules: { selectableFields: EVENT_FIELDS, fieldsOf: eventFieldsOf },
  }),
  define(CONFIG_MAPS, {
    shortNames: ["cm"],
    rules: { validate: keyProblems, validateUpdate: immutabilityProblems },
  }),
  SERVICE_ACCOUNT_RESOURCE,
  define(PERSISTENT_VOLUME_CLAIMS, {
    shortNames: ["pvc"],
    hasStatus: true,
    returnsDeleted: true,
    rules: {
      setDefaults: (draft) => fillIn(specOf(draft), { volumeMode: "Filesystem" }),
      prepareForCreate: (draft) => {
        draft.status = { phase: "Pending" };
      },
    },
  }),
  define(core("persistentvolumes", "PersistentVolume", false), {
    shortNames: ["pv"],
    hasStatus: true,
    returnsDeleted: true,
    rules: {
      prepareForCreate: (draft) => {
        draft.status = { phase: "Pending" };
      },
    },
  }),
  define(core("podtemplates", "PodTemplate"), {
    returnsDeleted: true,
    tracksGeneration: true,
    rules: { setDefaults: (draft) => setTemplateDefaults(draft) },
  }),
  define(core("limitranges", "LimitRange"), {
    shortNames: ["limits"],
    rules: { setDefaults: setLimitRangeDefaults },
  }),
  define(RESOURCE_QUOTAS, {
    shortNames: ["quota"],
    hasStatus: true,
    returnsDeleted: true,
    rules: {
      prepareForCreate: (draft) => {
        draft.status = {};
      },
    },
  }),
];

function core(plural: string, kind: string, namespaced = true) {
  return { group: "", version: "v1", plural, kind, namespaced };
}

function textAt(part: unknown, field: string): string {
  const value = (part as Record<string, unknown> | undefined)?.[field];
  return value === undefined ? "" : String(value);
}
