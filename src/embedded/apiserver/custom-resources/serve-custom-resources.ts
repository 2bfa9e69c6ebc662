import type { KubeObject } from "#embedded/api/objects.ts";
import { copyJson, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import type { ResourceCatalog } from "#embedded/apiserver/registry/resource-catalog.ts";
import {
  apiVersionOf,
  define,
  type ResourceDefinition,
  type ResourceRules,
} from "#embedded/apiserver/registry/resource-definition.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { customPrinter } from "./custom-printer.ts";
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  type CustomResourceDefinition,
  type CustomVersion,
} from "./custom-resource-definition.ts";
import { setSchemaDefaults } from "./schema-defaults.ts";
import { schemaProblems } from "./schema-problems.ts";
import { valueAt } from "./value-at.ts";

/** Keeps the catalog in step with the stored definitions, for as long as the store lives. */
export function serveCustomResources(context: ServerContext, catalog: ResourceCatalog): void {
  context.store.subscribe(CUSTOM_RESOURCE_DEFINITIONS, ({ type, object, previous }) => {
    const gone = previous ?? (type === "DELETED" ? object : undefined);
    if (gone !== undefined) {
      for (const definition of definitionsOf(gone as CustomResourceDefinition)) {
        catalog.remove(definition);
      }
    }
    if (type === "DELETED") {
      removeObjects(context, object as CustomResourceDefinition);
      return;
    }
    for (const definition of definitionsOf(object as CustomResourceDefinition)) {
      catalog.add(definition);
    }
  });
}

/** Without its definition an object could be neither read nor deleted, so it goes as well. */
function removeObjects({ store }: ServerContext, { spec }: CustomResourceDefinition): void {
  const collection = `${spec.group}/${spec.names.plural}`;
  for (const [key] of store.entries(collection)) store.remove(collection, key);
}

function definitionsOf(crd: CustomResourceDefinition): readonly ResourceDefinition[] {
  return crd.spec.versions
    .filter(({ served }) => served)
    .map((version) => definitionOf(crd, version));
}

function definitionOf(
  { spec }: CustomResourceDefinition,
  version: CustomVersion,
): ResourceDefinition {
  const { name, subresources, additionalPrinterColumns } = version;
  const schema = version.schema?.openAPIV3Schema;
  const { group, names, scope } = spec;
  const { plural, kind, singular = kind.toLowerCase() } = names;
  const resource = { group, version: name, plural, kind, namespaced: scope === "Namespaced" };
  const apiVersion = apiVersionOf(resource);
  // Versions differ in name only: the one strategy there is without webhooks.
  const inVersion = (object: KubeObject) => ({ ...object, apiVersion });
  const fromStored = schema === undefined ? inVersion : withDefaults(schema, inVersion);
  return define(resource, {
    singular,
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    isCustom: true,
    tracksGeneration: true,
    allowsUnconditionalUpdate: false,
    hasStatus: subresources?.status !== undefined,
    hasScale: subresources?.scale !== undefined,
    conversion: { fromStored, toStored: inVersion },
    printer: customPrinter(additionalPrinterColumns),
    ...(version.deprecated === true
      ? { deprecation: version.deprecationWarning ?? `${apiVersion} ${kind} is deprecated` }
      : {}),
    ...(schema === undefined ? {} : { schema }),
    rules: { ...fieldRules(version), ...(schema === undefined ? {} : schemaRules(schema)) },
  });
}

/** What was stored before the schema had a default is served with it all the same. */
function withDefaults(schema: JsonObject, convert: (object: KubeObject) => KubeObject) {
  if (!JSON.stringify(schema).includes('"default":')) return convert;
  return (object: KubeObject): KubeObject => {
    const served = copyJson(convert(object));
    setSchemaDefaults(schema, served);
    return served;
  };
}

function schemaRules(schema: JsonObject): ResourceRules {
  return {
    setDefaults: (draft) => setSchemaDefaults(schema, draft),
    validate: (object) => schemaProblems(schema, object),
  };
}

/** Fields are selected by their path, without the dot that it begins with. */
function fieldRules({ selectableFields = [] }: CustomVersion): ResourceRules {
  const names = selectableFields.map(({ jsonPath }) => jsonPath.replace(/^\./, ""));
  return {
    selectableFields: names,
    fieldsOf: (object) =>
      Object.fromEntries(names.map((name) => [name, String(valueAt(object, name) ?? "")])),
  };
}
