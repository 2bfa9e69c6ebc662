import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { answer, onSigterm, startWorkload } from "../shared/workload.mjs";

const LOCK = join(process.env.DATA_DIR ?? "/data", "handing-over");

const workload = await startWorkload({
  routes: {
    "/": async ({ response }) => {
      while (existsSync(LOCK)) await sleep(10);
      answer(response, 200, { open: true });
    },
  },
});

// Handing over its work takes a lock that every pod waits for.
onSigterm(async () => {
  writeFileSync(LOCK, "");
  await sleep(900);
  rmSync(LOCK, { force: true });
  await workload.leave();
});
