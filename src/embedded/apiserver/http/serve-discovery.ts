import { createHash } from "node:crypto";
import { noSuchPath } from "#embedded/apiserver/status/refusals.ts";
import { chooseRepresentation } from "./accept.ts";
import {
  aggregatedDiscovery,
  coreVersions,
  describeGroup,
  groupList,
  groupVersions,
  resourceList,
} from "./discovery.ts";
import { type HttpExchange, type Serving, sendText } from "./exchange.ts";
import { findOpenApi, openApiDocument, openApiIndex } from "./openapi.ts";
import { encodeOpenApiV2, OPENAPI_V2_PROTOBUF, openApiV2 } from "./openapi-v2.ts";

/** Answers what the server serves; false when the path asks for something else. */
export function serveDiscovery({ catalog }: Serving, exchange: HttpExchange): boolean {
  const segments = exchange.path.split("/").filter((segment) => segment !== "");
  const [root, group, version] = segments;
  if (root === "openapi" && group === "v3") {
    const path = segments.slice(2).join("/");
    const found = path === "" ? undefined : findOpenApi(catalog, path);
    if (path !== "" && found === undefined) throw noSuchPath();
    send(exchange, found === undefined ? openApiIndex(catalog) : openApiDocument(found));
    return true;
  }
  if (root === "openapi" && group === "v2" && segments.length === 2) {
    sendOpenApiV2({ catalog }, exchange);
    return true;
  }
  if (root !== "api" && root !== "apis") return false;
  if (segments.length === 1) {
    sendRoot({ catalog }, exchange, root);
    return true;
  }
  if (root === "api" && segments.length === 2) return sendVersion(catalog, exchange, "", group);
  if (root === "apis" && segments.length === 2) {
    const described = describeGroup(catalog, group ?? "");
    if (described === undefined) throw noSuchPath();
    send(exchange, described);
    return true;
  }
  if (root === "apis" && segments.length === 3) {
    return sendVersion(catalog, exchange, group ?? "", version);
  }
  return false;
}

function sendOpenApiV2({ catalog }: Pick<Serving, "catalog">, exchange: HttpExchange): void {
  const { accept = "" } = exchange.request.headers;
  if (!accept.includes("spec.v2")) {
    send(exchange, openApiV2(catalog));
    return;
  }
  const body = encodeOpenApiV2(catalog);
  const type = OPENAPI_V2_PROTOBUF;
  exchange.response.writeHead(200, { "content-type": type, "content-length": body.length });
  exchange.response.end(body);
}

function sendRoot(
  { catalog }: Pick<Serving, "catalog">,
  exchange: HttpExchange,
  root: "api" | "apis",
): void {
  const wanted = chooseRepresentation(exchange.request.headers.accept);
  if (wanted.type === "group-discovery") {
    const { version } = wanted;
    const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
    send(exchange, aggregatedDiscovery(catalog, root, version), contentType);
    return;
  }
  const address = exchange.request.headers.host ?? "";
  send(exchange, root === "api" ? coreVersions(address) : groupList(catalog));
}

function sendVersion(
  catalog: Serving["catalog"],
  exchange: HttpExchange,
  group: string,
  version: string | undefined,
): boolean {
  const found = groupVersions(catalog).find(
    (one) => one.group === group && one.version === version,
  );
  if (found === undefined) throw noSuchPath();
  send(exchange, resourceList(found));
  return true;
}

/** Clients keep discovery on disk and ask again with the tag of what they have. */
function send(
  { request, response }: HttpExchange,
  body: unknown,
  contentType = "application/json",
): void {
  const text = JSON.stringify(body);
  const etag = `"${createHash("sha256").update(text).digest("hex").toUpperCase()}"`;
  response.setHeader("etag", etag);
  response.setHeader("vary", "Accept");
  response.setHeader("cache-control", "public");
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304);
    response.end();
    return;
  }
  sendText(response, 200, text, contentType);
}
