import { bytesField, type Message, message } from "#embedded/apiserver/protobuf/wire-writer.ts";
import type { ResourceCatalog } from "#embedded/apiserver/registry/resource-catalog.ts";
import { customSchemas } from "./custom-openapi.ts";
import { objectPath, PATCH_PARAMETERS } from "./openapi.ts";

/** Clients ask for it with `@v1.0`, which is no media type that their own parsers would accept. */
export const OPENAPI_V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/**
 * The document that kubectl before 1.27 reads, as JSON. Like its successor it tells what can be patched and
 * how. It has the schemas of custom resources only, so that the client leaves validation to the server.
 */
export function openApiV2(catalog: ResourceCatalog): unknown {
  const paths = patchable(catalog).map(({ path, group, version, kind }) => [
    path,
    {
      patch: {
        parameters: PATCH_PARAMETERS.map((name) => ({ name, in: "query", type: "string" })),
        responses: { 200: { description: "OK" } },
        "x-kubernetes-group-version-kind": { group, version, kind },
      },
    },
  ]);
  const custom = catalog.all().filter(({ isCustom }) => isCustom);
  return {
    swagger: "2.0",
    info: { title: TITLE, version: VERSION },
    paths: Object.fromEntries(paths),
    definitions: customSchemas(custom, { openApi: "v2", metadata: { type: "object" } }),
  };
}

/** The same as protobuf; the numbers are those of gnostic's `OpenAPIv2.proto`. */
export function encodeOpenApiV2(catalog: ResourceCatalog): Message {
  const info = message(bytesField(1, TITLE), bytesField(2, VERSION));
  const paths = patchable(catalog).map(({ path, group, version, kind }) => {
    const gvk = `{group: ${JSON.stringify(group)}, version: ${version}, kind: ${kind}}`;
    const extension = named("x-kubernetes-group-version-kind", message(bytesField(2, gvk)));
    const parameters = PATCH_PARAMETERS.map((name) => bytesField(8, queryParameter(name)));
    const patch = message(...parameters, bytesField(13, extension));
    return bytesField(2, named(path, message(bytesField(8, patch))));
  });
  return message(bytesField(1, "2.0"), bytesField(2, info), bytesField(8, message(...paths)));
}

const TITLE = "Kubernetes";
const VERSION = "v1.36.2";

/** Name and value, as every map of the document is written. */
function named(name: string, value: Message): Message {
  return message(bytesField(1, name), bytesField(2, value));
}

/** An item of parameters: a parameter, not of the body, of the query. */
function queryParameter(name: string): Message {
  const query = message(bytesField(2, "query"), bytesField(4, name));
  return message(bytesField(1, message(bytesField(2, message(bytesField(3, query))))));
}

function patchable(catalog: ResourceCatalog) {
  return catalog
    .all()
    .filter(({ verbs }) => verbs.includes("patch"))
    .map((definition) => ({ ...definition, path: objectPath(definition) }));
}
