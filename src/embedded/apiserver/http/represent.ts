import type { KubeObject } from "#embedded/api/objects.ts";
import type { ObjectList } from "#embedded/apiserver/registry/read-objects.ts";
import {
  apiVersionOf,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import { printerFor } from "#embedded/apiserver/tables/printer-for.ts";
import {
  buildTable,
  type IncludeObject,
  partialMetadata,
} from "#embedded/apiserver/tables/table.ts";
import { chooseRepresentation } from "./accept.ts";
import type { HttpExchange } from "./exchange.ts";

/** How the objects of one answer are shown: whole, as table rows, or as metadata alone. */
export interface Presentation {
  readonly definition: ResourceDefinition;
  readonly exchange: HttpExchange;
  readonly nowMs: () => number;
}

/** One object. */
export function representObject(presentation: Presentation, object: KubeObject): unknown {
  const { resourceVersion } = object.metadata;
  return represent(presentation, [object], { resourceVersion }) ?? object;
}

/** A list; items of a typed list do not repeat kind and apiVersion, those of a custom one do. */
export function representList(presentation: Presentation, list: ObjectList): unknown {
  const { definition } = presentation;
  const { items, resourceVersion, continueToken, remainingItemCount } = list;
  const metadata = {
    resourceVersion,
    ...(continueToken === undefined ? {} : { continue: continueToken, remainingItemCount }),
  };
  const wanted = chooseRepresentation(presentation.exchange.request.headers.accept);
  if (wanted.type === "metadata") {
    return {
      kind: "PartialObjectMetadataList",
      apiVersion: `meta.k8s.io/${wanted.version}`,
      metadata,
      items: items.map((object) => partialMetadata(object, wanted.version)),
    };
  }
  return (
    represent(presentation, items, metadata) ?? {
      kind: `${definition.kind}List`,
      apiVersion: apiVersionOf(definition),
      metadata,
      items: items.map((object) => (definition.isCustom ? object : withoutType(object))),
    }
  );
}

/** One object after the other, as a watch sends them; columns come with the first only. */
export function representStream(presentation: Presentation): (object: KubeObject) => unknown {
  let withColumns = true;
  return (object) => {
    const { resourceVersion } = object.metadata;
    const shown = represent(presentation, [object], { resourceVersion }, withColumns);
    withColumns = false;
    return shown ?? object;
  };
}

function represent(
  { definition, exchange, nowMs }: Presentation,
  objects: readonly KubeObject[],
  metadata: object,
  withColumns = true,
): unknown {
  const wanted = chooseRepresentation(exchange.request.headers.accept);
  if (wanted.type === "metadata") {
    return objects[0] && partialMetadata(objects[0], wanted.version);
  }
  if (wanted.type !== "table") return undefined;
  const includeObject = includeObjectOf(exchange.query);
  return buildTable(printerFor(definition), objects, {
    metadata,
    nowMs: nowMs(),
    includeObject,
    withColumns,
    version: wanted.version,
  });
}

function includeObjectOf(query: URLSearchParams): IncludeObject {
  const value = query.get("includeObject");
  return value === "None" || value === "Object" ? value : "Metadata";
}

function withoutType({ kind: _kind, apiVersion: _apiVersion, ...item }: KubeObject): unknown {
  return item;
}
