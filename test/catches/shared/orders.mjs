import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { answer } from "./workload.mjs";

/** One line for each effect; all pods append to the same file of their volume. */
const FILE = join(process.env.DATA_DIR ?? "/data", "ledger");

export function writeEffect(key, effect) {
  appendFileSync(FILE, `${key} ${effect}\n`);
}

/**
 * The three steps of an order and the audit. `write` is what a step does with its effect before it is
 * acknowledged; a catch gives its own.
 */
export function orderRoutes(write = writeEffect) {
  const step =
    (effect) =>
    async ({ response, url }) => {
      await write(url.searchParams.get("key"), effect);
      answer(response, 201, { effect });
    };
  return {
    "/reserve": step("reserve"),
    "/charge": step("charge"),
    "/confirm": step("confirm"),
    "/audit": ({ response }) => answer(response, 200, { transactions: readLedger() }),
  };
}

function readLedger() {
  const orders = new Map();
  if (!existsSync(FILE)) return []; // nothing was written yet
  for (const line of readFileSync(FILE, "utf8").trim().split("\n")) {
    const [key, effect] = line.split(" ");
    const effects = orders.get(key) ?? { reserve: 0, charge: 0, confirm: 0 };
    effects[effect] += 1;
    orders.set(key, effects);
  }
  return [...orders].map(([key, effects]) => ({ key, effects }));
}
