import { setTimeout as sleep } from "node:timers/promises";
import type { Orders } from "../../../../scenarios/shop/app/orders.ts";
import { readSettings } from "../../../../scenarios/shop/app/settings.ts";
import { type Shop, startShop } from "../../../../scenarios/shop/app/shop.ts";
import { stopShop } from "../../../../scenarios/shop/app/shutdown.ts";

/** Long enough that some confirmations are under way whenever a pod is told to stop. */
const CONFIRM_MS = 1_000;

const starting: Promise<Shop> = startShop(readSettings(process.env), withWriterThatStopsFirst);

process.once("SIGTERM", async () => {
  const shop = await starting;
  shop.log("sigterm", shop.connections.counts);
  await stopShop(shop);
});

await starting;

/** Confirmations are written in the background, and draining ends the writer before the requests. */
function withWriterThatStopsFirst(orders: Orders): Orders {
  return {
    ...orders,
    confirm: async (key) => {
      await sleep(CONFIRM_MS);
      const shop = await starting;
      return shop.connections.draining ? { type: "done" } : orders.confirm(key);
    },
  };
}
