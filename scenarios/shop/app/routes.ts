import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { answer } from "./answer.ts";
import type { Connections } from "./connections.ts";
import { serveOrder } from "./order-routes.ts";
import type { Orders } from "./orders.ts";
import type { Store } from "./store.ts";

/** What the routes act upon. */
export interface RouteParts {
  readonly orders: Orders;
  readonly connections: Connections;
  readonly serveAudit: Store["serveAudit"];
}

/** No client needs an answer later than this, and a drain has to wait for the slowest. */
const SLOWEST_MS = 15_000;

/** Finds the one route of a request and answers it; only orders and audit touch the database. */
export async function serveRoute(
  parts: RouteParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (await serveOrder(parts.orders, request, response)) return;
  request.resume();
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://shop");
  switch (pathname) {
    case "/":
      return answer(response, 200, { shop: "open" });
    case "/slow":
      await sleep(waitOf(searchParams));
      return answer(response, 200, { shop: "slow" });
    case "/healthz":
      return answer(response, 200, { alive: true });
    case "/readyz":
      return answer(response, parts.connections.draining ? 503 : 200, {
        ready: !parts.connections.draining,
      });
    case "/drain":
      // As a preStop hook, `ms` makes it wait like a sleep, but with the clients told already.
      parts.connections.startDraining();
      await sleep(waitOf(searchParams));
      return answer(response, 200, { draining: true });
    case "/audit/orders":
      if (parts.serveAudit === undefined) break;
      return parts.serveAudit(searchParams.get("prefix") ?? "", response);
  }
  answer(response, 404, { error: `no route ${request.method} ${pathname}` });
}

function waitOf(searchParams: URLSearchParams): number {
  const ms = Number(searchParams.get("ms") ?? 0);
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), SLOWEST_MS) : 0;
}
