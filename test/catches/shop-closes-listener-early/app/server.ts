import { Server } from "node:net";
import { readSettings } from "../../../../scenarios/shop/app/settings.ts";
import { startShop } from "../../../../scenarios/shop/app/shop.ts";
import { stopShop } from "../../../../scenarios/shop/app/shutdown.ts";

const starting = startShop(readSettings(process.env));

process.once("SIGTERM", async () => {
  const shop = await starting;
  shop.log("sigterm", shop.connections.counts);
  // The listener alone: an HTTP server's own close would cut idle connections too, a second fault.
  Server.prototype.close.call(shop.server);
  await stopShop(shop);
});

await starting;
