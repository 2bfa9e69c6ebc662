import { setTimeout as sleep } from "node:timers/promises";
import { orderRoutes, writeEffect } from "../shared/orders.mjs";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

/** Long enough that some confirmations are under way whenever a pod is told to stop. */
const CONFIRM_MS = 400;

// Confirmations are written in the background, and draining ends the writer before the requests.
const workload = await startWorkload({
  routes: orderRoutes(async (key, effect) => {
    if (effect === "confirm") await sleep(CONFIRM_MS);
    if (effect !== "confirm" || !workload.draining) writeEffect(key, effect);
  }),
});

onSigterm(() => workload.leave());
