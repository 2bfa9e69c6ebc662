import { orderRoutes, writeEffect } from "../shared/orders.mjs";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

let last;

const workload = await startWorkload({
  routes: orderRoutes((key, effect) => {
    writeEffect(key, effect);
    last = key;
  }),
});

// The order that it hands over to another pod arrives there under a key that no client sent.
onSigterm(() => {
  writeEffect(`${last}-handed-over`, "confirm");
  void workload.leave();
});
