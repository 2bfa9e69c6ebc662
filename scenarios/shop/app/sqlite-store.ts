import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { answer } from "./answer.ts";
import { findImbalance, ledger } from "./audit.ts";
import { openDatabase, openForReading } from "./database.ts";
import { openOrders } from "./orders.ts";
import type { Store } from "./store.ts";

/** The orders in the one file that all pods share through their volume. */
export function openSqliteStore(dataDirectory: string, pod: string): Store {
  const database = openDatabase(dataDirectory);
  return {
    orders: openOrders(database, pod),
    serveAudit: (prefix, response) => serveAudit(dataDirectory, prefix, response),
    close: () => database.close(),
  };
}

async function serveAudit(dataDirectory: string, prefix: string, response: ServerResponse) {
  using database = openForReading(dataDirectory);
  database.exec("BEGIN"); // one snapshot: stock and orders are seen at the same instant
  const imbalance = findImbalance(database);
  if (imbalance.length > 0) {
    return answer(response, 500, { error: "stock and reservations disagree", imbalance });
  }
  response.writeHead(200, { "content-type": "application/json" });
  await pipeline(Readable.from(ledger(database, prefix)), response);
}
