import { readSettings } from "../../../../scenarios/shop/app/settings.ts";
import { startShop } from "../../../../scenarios/shop/app/shop.ts";

const shop = await startShop(readSettings(process.env));

process.on("SIGTERM", () => {
  shop.log("sigterm", shop.connections.counts);
  process.exit(0);
});
