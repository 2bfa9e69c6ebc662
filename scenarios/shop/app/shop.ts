import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { flushCompileCache } from "node:module";
import { answer } from "./answer.ts";
import { Connections } from "./connections.ts";
import { type Log, logFor } from "./log.ts";
import type { Orders } from "./orders.ts";
import { serveRoute } from "./routes.ts";
import type { Settings } from "./settings.ts";
import { openStore, type Store } from "./store.ts";

/** A shop that listens, with the parts that its shutdown needs. */
export interface Shop {
  readonly server: Server;
  readonly connections: Connections;
  readonly store: Store;
  readonly log: Log;
}

/** Longer than any client keeps an idle connection: only a drain closes one first. */
const KEEP_ALIVE_MS = 65_000;

/** Opens the store and listens; the store comes first, so a shop that answers can take orders. */
export async function startShop(
  settings: Settings,
  change: (orders: Orders) => Orders = (orders) => orders,
): Promise<Shop> {
  const { host, port, pod } = settings;
  const log = logFor(pod);
  const store = await openStore(settings);
  const orders = change(store.orders);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const connections = new Connections(server);
  server.on("request", async (request, response) => {
    connections.serve(request.socket, response);
    response.setHeader("x-pod", pod);
    try {
      await serveRoute({ orders, connections, serveAudit: store.serveAudit }, request, response);
    } catch (error) {
      log("failed", { method: request.method, url: request.url, error: String(error) });
      if (response.headersSent) response.destroy();
      else answer(response, 500, { error: String(error) });
    }
  });
  server.listen(port, host);
  await once(server, "listening");
  log("listening", { address: server.address() });
  flushCompileCache(); // with NODE_COMPILE_CACHE set, the pods that follow start in half the time
  return { server, connections, store, log };
}
