import type { ServerResponse } from "node:http";
import type { Orders } from "./orders.ts";
import type { Settings } from "./settings.ts";
import { openSqliteStore } from "./sqlite-store.ts";

/** Where the orders are kept. */
export interface Store {
  readonly orders: Orders;
  /** Shows the orders whose key begins with the prefix; absent where whoever audits asks the database itself. */
  readonly serveAudit?: (prefix: string, response: ServerResponse) => Promise<void>;
  close(): void | Promise<void>;
}

/** PostgreSQL where an address is given, and else the SQLite file that all pods share. */
export async function openStore({ databaseUrl, dataDirectory, pod }: Settings): Promise<Store> {
  if (databaseUrl === undefined) return openSqliteStore(dataDirectory, pod);
  // Only now: without it the shop needs no package at all.
  const { openPostgresStore } = await import("./postgres-store.ts");
  return await openPostgresStore(databaseUrl, pod);
}
