import { setTimeout as sleep } from "node:timers/promises";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload();

// It has something to write before it ends, for which its grace period without the hook would do.
onSigterm(async () => {
  await sleep(2_500);
  await workload.leave();
});
