import type { IncomingMessage, ServerResponse } from "node:http";
import { noSuchPath } from "#embedded/apiserver/status/refusals.ts";
import { type HttpExchange, type Serving, sendRefusal } from "./exchange.ts";
import { requireTimeout } from "./request-options.ts";
import { parseRequestTarget } from "./request-target.ts";
import { serveDiscovery } from "./serve-discovery.ts";
import { serveOwnState } from "./serve-own-state.ts";
import { serveResource } from "./serve-resource.ts";

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
  if (serveOwnState(serving, exchange) || serveDiscovery(serving, exchange)) return;
  requireTimeout(exchange.query);
  const target = parseRequestTarget(exchange.path);
  const definition = target === undefined ? undefined : serving.catalog.find(target);
  if (target === undefined || definition === undefined) throw noSuchPath();
  await serveResource({ serving, exchange, target, definition });
}
