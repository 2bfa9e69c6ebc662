import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { flushCompileCache } from "node:module";
import type { DatabaseSync } from "node:sqlite";
import { answer } from "./answer.ts";
import { Connections } from "./connections.ts";
import { openDatabase } from "./database.ts";
import { type Log, logFor } from "./log.ts";
import { type Orders, openOrders } from "./orders.ts";
import { serveRoute } from "./routes.ts";
import type { Settings } from "./settings.ts";

/** A shop that listens, with the parts that its shutdown needs. */
export interface Shop {
  readonly server: Server;
  readonly connections: Connections;
  readonly database: DatabaseSync;
  readonly log: Log;
}

/** Longer than any client keeps an idle connection: only a drain closes one first. */
const KEEP_ALIVE_MS = 65_000;

/** Opens the database and listens; the database comes first, so a shop that answers can take orders. */
export async function startShop(
  settings: Settings,
  open: (database: DatabaseSync, pod: string) => Orders = openOrders,
): Promise<Shop> {
  const { host, port, dataDirectory, pod } = settings;
  const log = logFor(pod);
  const database = openDatabase(dataDirectory);
  const orders = open(database, pod);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const connections = new Connections(server);
  server.on("request", async (request, response) => {
    connections.serve(request.socket, response);
    response.setHeader("x-pod", pod);
    try {
      await serveRoute({ orders, connections, dataDirectory }, request, response);
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
  return { server, connections, database, log };
}
