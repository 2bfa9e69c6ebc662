import type { ResourceCatalog } from "#embedded/apiserver/registry/resource-catalog.ts";
import {
  API_AUDIENCE,
  type TokenIssuer,
} from "#embedded/apiserver/service-accounts/token-issuer.ts";
import { groupVersions } from "./discovery.ts";
import { type HttpExchange, type Serving, sendJson, sendText } from "./exchange.ts";
import { VERSION } from "./version.ts";

/** What a health check names when it is asked to be verbose; in this process none of them can fail alone. */
const CHECKS = ["ping", "log", "etcd", "informer-sync", "shutdown"];
const HEALTH = /^\/(healthz|livez|readyz)(?:\/([\w-]+))?\/?$/;

/** Answers what the server says of itself: health, version, identity, paths, size. False for any other path. */
export function serveOwnState(
  serving: Serving,
  { path, query, request, response }: HttpExchange,
): boolean {
  const [health, check, one] = HEALTH.exec(path) ?? [];
  if (health !== undefined && (one === undefined || CHECKS.includes(one))) {
    const verbose = query.has("verbose") && one === undefined;
    sendText(response, 200, verbose ? verboseHealth(check) : "ok");
    return true;
  }
  switch (path) {
    case "/":
      sendJson(response, 200, { paths: pathsOf(serving.catalog) });
      return true;
    case "/version":
    case "/version/":
      sendJson(response, 200, VERSION);
      return true;
    case "/metrics":
      sendText(response, 200, metricsOf(serving), "text/plain; version=0.0.4; charset=utf-8");
      return true;
    case "/.well-known/openid-configuration":
      sendJson(response, 200, openIdConfiguration(request.headers.host ?? ""));
      return true;
    case KEYS_PATH:
      sendKeys({ response }, serving.tokens);
      return true;
    default:
      return false;
  }
}

function verboseHealth(check: string | undefined): string {
  const lines = CHECKS.map((name) => `[+]${name} ok`);
  return `${lines.join("\n")}\n${check} check passed\n`;
}

const KEYS_PATH = "/openid/v1/jwks";

/** Where those who are shown a token find the key that it was signed with. */
function openIdConfiguration(host: string): object {
  return {
    issuer: API_AUDIENCE,
    jwks_uri: `https://${host}${KEYS_PATH}`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
  };
}

function sendKeys({ response }: Pick<HttpExchange, "response">, tokens: TokenIssuer): void {
  const keys = JSON.stringify({ keys: [tokens.publicKey] });
  sendText(response, 200, keys, "application/jwk-set+json");
}

function pathsOf(catalog: ResourceCatalog): readonly string[] {
  const served = groupVersions(catalog).map(({ group, version }) =>
    group === "" ? `/api/${version}` : `/apis/${group}/${version}`,
  );
  const groups = served.flatMap((path) =>
    path.startsWith("/apis") ? [path.replace(/\/[^/]+$/, "")] : [],
  );
  const own = [
    "/healthz",
    "/livez",
    "/metrics",
    "/openapi/v2",
    "/openapi/v3",
    KEYS_PATH,
    "/readyz",
  ];
  const all = ["/.well-known/openid-configuration", "/api", "/apis", "/version"];
  return [...new Set([...all, ...own, ...served, ...groups])].toSorted();
}

/** Few, by the names that Kubernetes gives them: what is stored, and what holds it. */
function metricsOf({ catalog, context }: Serving): string {
  const counted = new Set(catalog.all().map(({ collection }) => collection));
  const objects = [...counted].map((collection) => {
    const [group = "", plural = ""] = collection.split("/");
    const count = [...context.store.entries(collection)].length;
    return `apiserver_resource_objects{group="${group}",resource="${plural}"} ${count}`;
  });
  return [
    "# HELP apiserver_resource_objects Number of stored objects at the time of last check split by kind.",
    "# TYPE apiserver_resource_objects gauge",
    ...objects,
    "# HELP process_resident_memory_bytes Resident memory size in bytes.",
    "# TYPE process_resident_memory_bytes gauge",
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    "",
  ].join("\n");
}
