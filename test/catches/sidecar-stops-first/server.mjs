import { setTimeout as sleep } from "node:timers/promises";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload();

// It writes something to disk before it ends, and drains meanwhile; nobody can reach it any more.
onSigterm(async () => {
  await Promise.all([workload.drained(), sleep(2_000)]);
  process.exit(0);
});
