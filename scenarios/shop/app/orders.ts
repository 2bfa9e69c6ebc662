import type { DatabaseSync } from "node:sqlite";
import { isDeepStrictEqual } from "node:util";
import { inTransaction } from "./database.ts";

/** What became of a step: done now, done before under the same key, or refused for a stated reason. */
export type StepResult =
  | { readonly type: "done" }
  | { readonly type: "replayed" }
  | { readonly type: "refused"; readonly status: 404 | 409; readonly reason: string };

/** The three steps of an order. Each takes effect once per key, however often it is asked for. */
export interface Orders {
  reserve(key: string, line: OrderLine): StepResult | Promise<StepResult>;
  charge(key: string): StepResult | Promise<StepResult>;
  confirm(key: string): StepResult | Promise<StepResult>;
}

export interface OrderLine {
  readonly item: string;
  readonly quantity: number;
}

/** Each step looks for its key, checks the step before it and writes, all in one transaction. */
export function openOrders(database: DatabaseSync, pod: string): Orders {
  const reservation = database.prepare("SELECT item, quantity FROM reservations WHERE key = ?");
  const charge = database.prepare("SELECT 1 FROM charges WHERE key = ?");
  const confirmation = database.prepare("SELECT 1 FROM confirmations WHERE key = ?");
  const takeStock = database.prepare(
    "UPDATE stock SET quantity = quantity - :quantity WHERE item = :item AND quantity >= :quantity",
  );
  const addReservation = database.prepare("INSERT INTO reservations VALUES (?, ?, ?, ?)");
  const addCharge = database.prepare(
    "INSERT INTO charges SELECT key, reservations.quantity * price_cents, ? " +
      "FROM reservations JOIN stock USING (item) WHERE key = ?",
  );
  const addConfirmation = database.prepare("INSERT INTO confirmations VALUES (?, ?)");

  return {
    reserve: (key, { item, quantity }) =>
      inTransaction(database, () => {
        const before = reservation.get(key);
        if (before !== undefined) {
          const same = isDeepStrictEqual({ ...before }, { item, quantity });
          return same ? { type: "replayed" } : refused(409, "the key belongs to another order");
        }
        if (takeStock.run({ item, quantity }).changes === 0) return refused(409, "out of stock");
        addReservation.run(key, item, quantity, pod);
        return { type: "done" };
      }),
    charge: (key) =>
      inTransaction(database, () => {
        if (charge.get(key) !== undefined) return { type: "replayed" };
        if (reservation.get(key) === undefined) return refused(404, "no such order");
        addCharge.run(pod, key);
        return { type: "done" };
      }),
    confirm: (key) =>
      inTransaction(database, () => {
        if (confirmation.get(key) !== undefined) return { type: "replayed" };
        if (charge.get(key) === undefined) return refused(409, "the order is not charged");
        addConfirmation.run(key, pod);
        return { type: "done" };
      }),
  };
}

/** The answer to a step that cannot be done, and why. */
export function refused(status: 404 | 409, reason: string): StepResult {
  return { type: "refused", status, reason };
}
