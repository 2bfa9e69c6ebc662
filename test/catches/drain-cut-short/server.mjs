import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload();

// A deadline of its own, far shorter than the grace period and than its slowest answer.
onSigterm(() => {
  void workload.leave();
  setTimeout(() => process.exit(0), 1_400);
});
