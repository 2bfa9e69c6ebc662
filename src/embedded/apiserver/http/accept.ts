import { notAcceptable } from "#embedded/apiserver/status/refusals.ts";

/** The form a client wants an answer in; kubectl asks for several, best first. */
export type Representation =
  | { readonly type: "json" }
  | { readonly type: "table"; readonly version: MetaVersion }
  | { readonly type: "metadata"; readonly version: MetaVersion }
  | { readonly type: "group-discovery"; readonly version: string };

/** Versions of `meta.k8s.io` whose tables differ in name alone; old clients ask for the elder. */
type MetaVersion = "v1" | "v1beta1";

/** Clients that would like it are content with JSON, which says what it is. */
const BINARY_TYPES = new Set(["application/vnd.kubernetes.protobuf", "application/cbor"]);
const POSSIBLE = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
const JSON_TYPES = new Set(["application/json", "application/*", "*/*", "application/yaml"]);

/** The first form in an Accept header that this server can give; throws a 406 when there is none. */
export function chooseRepresentation(accept: string | undefined): Representation {
  let takesBinary = false;
  for (const part of (accept ?? "*/*").split(",")) {
    const [mediaType = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    if (BINARY_TYPES.has(mediaType)) takesBinary = true;
    if (!JSON_TYPES.has(mediaType)) continue;
    const given = new Map(parameters.map((parameter) => splitOnce(parameter)));
    const version = given.get("v");
    switch (given.get("as")) {
      case undefined:
        return { type: "json" };
      case "Table":
        if (isMetaVersion(version)) return { type: "table", version };
        break;
      case "PartialObjectMetadata":
      case "PartialObjectMetadataList":
        if (isMetaVersion(version)) return { type: "metadata", version };
        break;
      case "APIGroupDiscoveryList":
        return { type: "group-discovery", version: version ?? "v2" };
    }
  }
  if (takesBinary) return { type: "json" };
  throw notAcceptable(POSSIBLE);
}

function isMetaVersion(version: string | undefined): version is MetaVersion {
  return version === "v1" || version === "v1beta1";
}

function splitOnce(parameter: string): [string, string] {
  const [name = "", value = ""] = parameter.split("=");
  return [name, value];
}
