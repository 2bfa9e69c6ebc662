import { createHash } from "node:crypto";
import type { ResourceCatalog } from "#embedded/apiserver/registry/resource-catalog.ts";
import {
  apiVersionOf,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import {
  type DescribedKind,
  referenceToType,
  schemasOf,
} from "#embedded/apiserver/schema/json-schema.ts";
import { customSchemas } from "./custom-openapi.ts";
import { type GroupVersion, groupVersions } from "./discovery.ts";

/** `/openapi/v3`: where the document of each group and version is. */
export function openApiIndex(catalog: ResourceCatalog): unknown {
  return {
    paths: Object.fromEntries(
      groupVersions(catalog).map((one) => {
        const path = pathOf(one);
        return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(one)}` }];
      }),
    ),
  };
}

/**
 * The document of one group and version: what kubectl reads before it writes, namely that the server
 * validates fields itself, and the types with their fields for those who want to look.
 */
export function openApiDocument(groupVersion: GroupVersion): unknown {
  const { resources } = groupVersion;
  const custom = resources.filter(({ isCustom }) => isCustom);
  const builtIn = resources.filter(({ isCustom }) => !isCustom).map(kindOf);
  const schemas = custom.length === 0 ? schemasOf(builtIn) : schemasOf(builtIn, ["ObjectMeta"]);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.36.2" },
    paths: Object.fromEntries(
      resources
        .filter(({ verbs }) => verbs.includes("patch"))
        .map((definition) => [objectPath(definition), { patch: describePatch(definition) }]),
    ),
    components: { schemas: { ...schemas, ...customSchemas(custom, IN_V3) } },
  };
}

/** The group and version that a path below `/openapi/v3/` names. */
export function findOpenApi(catalog: ResourceCatalog, path: string): GroupVersion | undefined {
  return groupVersions(catalog).find((one) => pathOf(one) === path);
}

function pathOf({ group, version }: Pick<GroupVersion, "group" | "version">): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

/** Clients keep a document for as long as its hash stays the same. */
function hashOf({ resources }: GroupVersion): string {
  const content = resources.map(({ plural, schema }) => [plural, schema]);
  return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 32);
}

/** The path of one object, with placeholders. */
export function objectPath({ group, version, plural, namespaced }: ResourceDefinition): string {
  const scope = namespaced ? "namespaces/{namespace}/" : "";
  return `/${pathOf({ group, version })}/${scope}${plural}/{name}`;
}

const IN_V3 = { openApi: "v3", metadata: referenceToType("ObjectMeta") } as const;

function kindOf({ group, version, kind }: ResourceDefinition): DescribedKind {
  return { group, version, kind };
}

/**
 * Strategic merge is served and not listed: a client that finds it here wants to know from the schemas by
 * which key each list is merged, and otherwise knows that by itself.
 */
const PATCH_MEDIA_TYPES = [
  "application/apply-patch+yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
];

/** What a patch can be asked besides; clients look here for what this server knows. */
export const PATCH_PARAMETERS = ["dryRun", "fieldManager", "fieldValidation", "force"] as const;

function describePatch({ group, version, kind }: ResourceDefinition): unknown {
  const query = (name: string) => ({ name, in: "query", schema: { type: "string" } });
  return {
    description: `partially update the specified ${kind}`,
    operationId: `patch${apiVersionOf({ group, version })}${kind}`.replaceAll(/[^A-Za-z0-9]/g, ""),
    parameters: PATCH_PARAMETERS.map(query),
    requestBody: { content: Object.fromEntries(PATCH_MEDIA_TYPES.map((type) => [type, {}])) },
    responses: { 200: { description: "OK" } },
    "x-kubernetes-action": "patch",
    "x-kubernetes-group-version-kind": { group, version, kind },
  };
}
