import type { IncomingMessage, ServerResponse } from "node:http";
import { noSuchPath } from "#embedded/apiserver/status/refusals.ts";
import { type HttpExchange, type Serving, sendJson, sendRefusal, sendText } from "./exchange.ts";
import { parseRequestTarget } from "./request-target.ts";
import { serveDiscovery } from "./serve-discovery.ts";
import { serveResource } from "./serve-resource.ts";
import { VERSION } from "./version.ts";

/** Answers one request; whatever goes wrong becomes a Status. */
export async function handleRequest(
  serving: Serving,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  try {
    const url = new URL(request.url ?? "/", "http://api");
    const { pathname: path, searchParams: query } = url;
    const user = serving.authenticate(request, path);
    await route(serving, { request, response, path, query, user });
  } catch (error) {
    sendRefusal(response, error);
  }
}

async function route(serving: Serving, exchange: HttpExchange): Promise<void> {
  const { path, response } = exchange;
  if (path === "/healthz" || path === "/livez" || path === "/readyz") {
    return sendText(response, 200, "ok");
  }
  if (path === "/version" || path === "/version/") return sendJson(response, 200, VERSION);
  if (serveDiscovery(serving, exchange)) return;
  const target = parseRequestTarget(path);
  const definition = target === undefined ? undefined : serving.catalog.find(target);
  if (target === undefined || definition === undefined) throw noSuchPath();
  await serveResource({ serving, exchange, target, definition });
}
