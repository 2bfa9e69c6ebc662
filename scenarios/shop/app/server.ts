import { readSettings } from "./settings.ts";
import { startShop } from "./shop.ts";
import { stopShop } from "./shutdown.ts";

const starting = startShop(readSettings(process.env));

// Before the shop is up, so that a pod deleted while it starts leaves in order too.
process.once("SIGTERM", async () => {
  // A second SIGTERM must not kill what the first one let finish.
  process.on("SIGTERM", () => {});
  const shop = await starting;
  shop.log("sigterm", shop.connections.counts);
  await stopShop(shop);
});

await starting;
