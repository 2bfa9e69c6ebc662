import { once } from "node:events";
import { answer, onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload({
  routes: {
    // The connection pool was closed first, and whoever waits for a connection waits for ever.
    "/": async ({ response }) => {
      if (workload.draining) await once(response, "close");
      else answer(response, 200, { open: true });
    },
  },
});

onSigterm(() => workload.leave());
