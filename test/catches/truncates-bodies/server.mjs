import { setTimeout as sleep } from "node:timers/promises";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

const CHUNK = Buffer.alloc(4_096, ".");
const downloads = new Set();

const workload = await startWorkload({
  routes: {
    "/download": async ({ response }) => {
      downloads.add(response);
      response.writeHead(200, { "content-length": 10 * CHUNK.length });
      for (let chunk = 0; chunk < 10 && !response.destroyed; chunk += 1) {
        response.write(CHUNK);
        await sleep(80);
      }
      response.end();
      downloads.delete(response);
    },
  },
});

// Whoever looks at the status alone has been told that all went well.
onSigterm(() => {
  for (const response of downloads) response.destroy();
  void workload.leave();
});
