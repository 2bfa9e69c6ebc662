import { orderRoutes, writeEffect } from "../shared/orders.mjs";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

const journal = [];

const workload = await startWorkload({
  routes: orderRoutes((key, effect) => {
    writeEffect(key, effect);
    journal.push({ key, effect });
  }),
});

// It replays the end of its journal, for safety, and does not look whether that was written before.
onSigterm(() => {
  for (const { key, effect } of journal.slice(-5)) writeEffect(key, effect);
  void workload.leave();
});
