import type { ResourceCatalog } from "#embedded/apiserver/registry/resource-catalog.ts";
import {
  apiVersionOf,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
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
 * The document of one group and version. It tells the one thing that kubectl reads before it writes:
 * that the server validates fields itself, so no schema is needed on the client's side.
 */
export function openApiDocument(groupVersion: GroupVersion): unknown {
  const { resources } = groupVersion;
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.36.2" },
    paths: Object.fromEntries(
      resources
        .filter(({ verbs }) => verbs.includes("patch"))
        .map((definition) => [objectPath(definition), { patch: describePatch(definition) }]),
    ),
    components: { schemas: {} },
  };
}

/** The group and version that a path below `/openapi/v3/` names. */
export function findOpenApi(catalog: ResourceCatalog, path: string): GroupVersion | undefined {
  return groupVersions(catalog).find((one) => pathOf(one) === path);
}

function pathOf({ group, version }: Pick<GroupVersion, "group" | "version">): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

function hashOf({ resources }: GroupVersion): string {
  return Buffer.from(resources.map(({ plural }) => plural).join())
    .toString("hex")
    .slice(0, 32);
}

/** The path of one object, with placeholders. */
export function objectPath({ group, version, plural, namespaced }: ResourceDefinition): string {
  const scope = namespaced ? "namespaces/{namespace}/" : "";
  return `/${pathOf({ group, version })}/${scope}${plural}/{name}`;
}

const PATCH_MEDIA_TYPES = [
  "application/apply-patch+yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
];

/** What a patch can be asked besides; clients look here for what this server knows. */
export const PATCH_PARAMETERS = ["dryRun", "fieldManager", "fieldValidation", "force"] as const;

function describePatch({ group, version, kind, isCustom }: ResourceDefinition): unknown {
  const mediaTypes = isCustom
    ? PATCH_MEDIA_TYPES
    : [...PATCH_MEDIA_TYPES, "application/strategic-merge-patch+json"];
  const query = (name: string) => ({ name, in: "query", schema: { type: "string" } });
  return {
    description: `partially update the specified ${kind}`,
    operationId: `patch${apiVersionOf({ group, version })}${kind}`.replaceAll(/[^A-Za-z0-9]/g, ""),
    parameters: PATCH_PARAMETERS.map(query),
    requestBody: { content: Object.fromEntries(mediaTypes.map((type) => [type, {}])) },
    responses: { 200: { description: "OK" } },
    "x-kubernetes-action": "patch",
    "x-kubernetes-group-version-kind": { group, version, kind },
  };
}
