import type { KubeObject } from "#embedded/api/objects.ts";
import type { JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import {
  define,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import { type ServerContext, timestamp } from "#embedded/apiserver/registry/server-context.ts";
import { invalid, type Problem, required } from "#embedded/apiserver/validation/problem.ts";

/** A CustomResourceDefinition, as far as it decides what is served. */
export interface CustomResourceDefinition extends KubeObject {
  spec: {
    readonly group: string;
    readonly scope: "Namespaced" | "Cluster";
    names: {
      readonly plural: string;
      readonly kind: string;
      singular?: string;
      listKind?: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly versions: readonly CustomVersion[];
    conversion?: unknown;
  };
}

/** One version of a custom resource. */
export interface CustomVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: JsonObject };
  readonly subresources?: { readonly status?: object; readonly scale?: object };
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
}

/** A column that a custom resource asks for in tables. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly priority?: number;
  readonly description?: string;
}

/** Where the definitions are stored. */
export const CUSTOM_RESOURCE_DEFINITIONS = "apiextensions.k8s.io/customresourcedefinitions";

/** `apiextensions.k8s.io/v1` */
export const CRD_RESOURCE: ResourceDefinition = define(
  {
    group: "apiextensions.k8s.io",
    version: "v1",
    plural: "customresourcedefinitions",
    kind: "CustomResourceDefinition",
    namespaced: false,
  },
  {
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    hasStatus: true,
    tracksGeneration: true,
    rules: {
      setDefaults: (draft) => setDefaults(draft as CustomResourceDefinition),
      prepareForCreate: (draft, context) => {
        draft.status = establishedStatus(draft as CustomResourceDefinition, context);
      },
      validate: (object) => problemsOf(object as CustomResourceDefinition),
    },
  },
);

function setDefaults({ spec }: CustomResourceDefinition): void {
  if (spec?.names?.kind === undefined) return;
  spec.names.singular ??= spec.names.kind.toLowerCase();
  spec.names.listKind ??= `${spec.names.kind}List`;
  spec.conversion ??= { strategy: "None" };
}

function problemsOf({ metadata, spec }: CustomResourceDefinition): readonly Problem[] {
  const { group = "", names, versions = [], scope = "" } = spec ?? ({} as Partial<typeof spec>);
  const missing = [
    ["spec.group", group],
    ["spec.names.plural", names?.plural ?? ""],
    ["spec.names.kind", names?.kind ?? ""],
    ["spec.scope", scope],
  ]
    .filter(([, value]) => value === "")
    .map(([field = ""]) => required(field));
  if (missing.length > 0) return missing;
  const expected = `${names?.plural}.${group}`;
  const stored = versions.filter(({ storage }) => storage);
  return [
    ...(metadata.name === expected
      ? []
      : [invalid("metadata.name", metadata.name, `must be spec.names.plural+"."+spec.group`)]),
    ...(stored.length === 1
      ? []
      : [
          invalid(
            "spec.versions",
            versions,
            "must have exactly one version marked as storage version",
          ),
        ]),
  ];
}

function establishedStatus({ spec }: CustomResourceDefinition, { nowMs }: ServerContext): object {
  const at = { lastTransitionTime: timestamp(nowMs()) };
  return {
    acceptedNames: spec?.names,
    storedVersions: (spec?.versions ?? []).filter(({ storage }) => storage).map(({ name }) => name),
    conditions: [
      {
        type: "NamesAccepted",
        status: "True",
        reason: "NoConflicts",
        message: "no conflicts found",
        ...at,
      },
      {
        type: "Established",
        status: "True",
        reason: "InitialNamesAccepted",
        message: "the initial names have been accepted",
        ...at,
      },
    ],
  };
}
