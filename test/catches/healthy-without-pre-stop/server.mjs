import { setTimeout as sleep } from "node:timers/promises";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload();

// What a preStop sleep would do, in the program itself.
onSigterm(async () => {
  await sleep(1_500);
  await workload.leave();
});
