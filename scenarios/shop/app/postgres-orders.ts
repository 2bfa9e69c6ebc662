import type { PoolClient } from "pg";
import { type Orders, refused, type StepResult } from "./orders.ts";
import type { InTransaction } from "./postgres-store.ts";

const ADD_RESERVATION = "INSERT INTO reservations VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const SAME_RESERVATION =
  "SELECT 1 FROM reservations WHERE key = $1 AND item = $2 AND quantity = $3";
const TAKE_STOCK = "UPDATE stock SET quantity = quantity - $2 WHERE item = $1 AND quantity >= $2";
const GIVE_UP_RESERVATION = "DELETE FROM reservations WHERE key = $1";
const ADD_CHARGE =
  "INSERT INTO charges SELECT key, reservations.quantity * price_cents, $2 " +
  "FROM reservations JOIN stock USING (item) WHERE key = $1 ON CONFLICT DO NOTHING";
const ADD_CONFIRMATION =
  "INSERT INTO confirmations SELECT key, $2 FROM charges WHERE key = $1 ON CONFLICT DO NOTHING";

/** The same three steps as in SQLite. A repeated key waits for the first one's end, and then finds it there. */
export function openPostgresOrders(inTransaction: InTransaction, pod: string): Orders {
  return {
    reserve: (key, { item, quantity }) =>
      inTransaction(async (client) => {
        if (!(await changes(client, ADD_RESERVATION, [key, item, quantity, pod]))) {
          const same = await changes(client, SAME_RESERVATION, [key, item, quantity]);
          return same ? { type: "replayed" } : refused(409, "the key belongs to another order");
        }
        if (await changes(client, TAKE_STOCK, [item, quantity])) return { type: "done" };
        await client.query(GIVE_UP_RESERVATION, [key]);
        return refused(409, "out of stock");
      }),
    charge: (key) =>
      inTransaction(async (client) => {
        if (await changes(client, ADD_CHARGE, [key, pod])) return { type: "done" };
        return await replayed(client, "charges", key, refused(404, "no such order"));
      }),
    confirm: (key) =>
      inTransaction(async (client) => {
        if (await changes(client, ADD_CONFIRMATION, [key, pod])) return { type: "done" };
        return await replayed(
          client,
          "confirmations",
          key,
          refused(409, "the order is not charged"),
        );
      }),
  };
}

/** Whether the statement found or changed a row. */
async function changes(client: PoolClient, statement: string, values: readonly unknown[]) {
  const { rowCount } = await client.query(statement, [...values]);
  return rowCount === 1;
}

async function replayed(
  client: PoolClient,
  table: "charges" | "confirmations",
  key: string,
  otherwise: StepResult,
): Promise<StepResult> {
  const there = await changes(client, `SELECT 1 FROM ${table} WHERE key = $1`, [key]);
  return there ? { type: "replayed" } : otherwise;
}
