/** The form a client wants an answer in; kubectl asks for several, best first. */
export type Representation =
  | { readonly type: "json" }
  | { readonly type: "table" }
  | { readonly type: "metadata" }
  | { readonly type: "group-discovery"; readonly version: string };

const JSON_TYPES = new Set(["application/json", "application/*", "*/*", "application/yaml"]);

/** The first form in an Accept header that this server can give; whole JSON when it names none of them. */
export function chooseRepresentation(accept: string | undefined): Representation {
  for (const part of (accept ?? "*/*").split(",")) {
    const [mediaType = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    if (!JSON_TYPES.has(mediaType)) continue;
    const given = new Map(parameters.map((parameter) => splitOnce(parameter)));
    switch (given.get("as")) {
      case undefined:
        return { type: "json" };
      case "Table":
        if (given.get("v") === "v1") return { type: "table" };
        break;
      case "PartialObjectMetadata":
      case "PartialObjectMetadataList":
        if (given.get("v") === "v1") return { type: "metadata" };
        break;
      case "APIGroupDiscoveryList":
        return { type: "group-discovery", version: given.get("v") ?? "v2" };
    }
  }
  return { type: "json" };
}

function splitOnce(parameter: string): [string, string] {
  const [name = "", value = ""] = parameter.split("=");
  return [name, value];
}
