import { orderRoutes, writeEffect } from "../shared/orders.mjs";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

/** Orders are acknowledged at once, and written a little later. */
const WRITE_BEHIND_MS = 400;
const unwritten = new Map();

const workload = await startWorkload({
  routes: orderRoutes((key, effect) => {
    unwritten.set(key, [...(unwritten.get(key) ?? []), effect]);
    if (effect === "confirm") setTimeout(() => write(key), WRITE_BEHIND_MS);
  }),
});

// Draining stops the writer before the requests: what it has not written by then is forgotten.
function write(key) {
  if (workload.draining) return;
  for (const effect of unwritten.get(key) ?? []) writeEffect(key, effect);
  unwritten.delete(key);
}

onSigterm(() => workload.leave());
