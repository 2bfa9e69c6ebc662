import type { ResourceCatalog } from "#embedded/apiserver/registry/resource-catalog.ts";
import {
  apiVersionOf,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import { subresourcesOf } from "#embedded/apiserver/registry/subresources.ts";

/** One group and version with all its resources. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ResourceDefinition[];
}

/** The catalog, sorted as discovery shows it: by group and version, in the order of the catalog. */
export function groupVersions(catalog: ResourceCatalog): readonly GroupVersion[] {
  const byGroupVersion = Map.groupBy(catalog.all(), apiVersionOf);
  return [...byGroupVersion.values()].map((resources) => {
    const { group = "", version = "" } = resources[0] ?? {};
    return { group, version, resources };
  });
}

/** `/api`, unaggregated. */
export function coreVersions(serverAddress: string): unknown {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}

/** `/apis`, unaggregated. */
export function groupList(catalog: ResourceCatalog): unknown {
  const names = new Set(catalog.all().map(({ group }) => group));
  names.delete("");
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: [...names].map((name) => groupOf(catalog, name)),
  };
}

/** `/apis/{group}`; undefined for a group nobody serves. */
export function describeGroup(catalog: ResourceCatalog, group: string): object | undefined {
  const described = groupOf(catalog, group);
  return described.versions.length === 0
    ? undefined
    : { kind: "APIGroup", apiVersion: "v1", ...described };
}

/** `/api/v1` and `/apis/{group}/{version}`: resources and subresources in one flat list. */
export function resourceList({ group, version, resources }: GroupVersion): unknown {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf({ group, version }),
    resources: resources.flatMap((definition) => {
      const { plural, singular, namespaced, kind, verbs, shortNames, categories } = definition;
      return [
        {
          name: plural,
          singularName: singular,
          namespaced,
          kind,
          verbs,
          ...(shortNames.length === 0 ? {} : { shortNames }),
          ...(categories.length === 0 ? {} : { categories }),
        },
        ...subresourcesOf(definition).map(({ name, ...subresource }) => ({
          name: `${plural}/${name}`,
          singularName: "",
          namespaced,
          ...subresource,
        })),
      ];
    }),
  };
}

/** `/api` and `/apis` as one document each, for clients that ask for the aggregated form. */
export function aggregatedDiscovery(
  catalog: ResourceCatalog,
  root: "api" | "apis",
  version: string,
): unknown {
  const served = groupVersions(catalog).filter(({ group }) => (group === "") === (root === "api"));
  const byGroup = Map.groupBy(served, ({ group }) => group);
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: [...byGroup].map(([group, versions]) => ({
      metadata: group === "" ? {} : { name: group },
      versions: versions.map((one) => ({
        version: one.version,
        freshness: "Current",
        resources: one.resources.map(discoverResource),
      })),
    })),
  };
}

function discoverResource(definition: ResourceDefinition): unknown {
  const { group, version, kind, plural, singular, namespaced, verbs } = definition;
  const { shortNames, categories } = definition;
  const subresources = subresourcesOf(definition).map((subresource) => ({
    subresource: subresource.name,
    responseKind: {
      group: subresource.group ?? group,
      version: subresource.version ?? version,
      kind: subresource.kind,
    },
    verbs: subresource.verbs,
  }));
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}

interface DescribedGroup {
  readonly name: string;
  readonly versions: readonly { readonly groupVersion: string; readonly version: string }[];
}

function groupOf(catalog: ResourceCatalog, name: string): DescribedGroup & object {
  const versions = groupVersions(catalog)
    .filter(({ group }) => group === name)
    .map(({ group, version }) => ({ groupVersion: apiVersionOf({ group, version }), version }));
  const [preferredVersion] = versions;
  return { name, versions, ...(preferredVersion === undefined ? {} : { preferredVersion }) };
}
