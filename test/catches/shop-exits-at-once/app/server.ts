import { readSettings } from "../../../../scenarios/shop/app/settings.ts";
import { startShop } from "../../../../scenarios/shop/app/shop.ts";

const starting = startShop(readSettings(process.env));

process.on("SIGTERM", async () => {
  const shop = await starting;
  shop.log("sigterm", shop.connections.counts);
  process.exit(0);
});

await starting;
