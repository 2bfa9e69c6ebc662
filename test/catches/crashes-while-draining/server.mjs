import { setTimeout as sleep } from "node:timers/promises";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload();

// 137 is what a forced kill looks like, and the grace period is far from over.
onSigterm(async () => {
  void workload.drained();
  await sleep(900);
  process.exit(137);
});
