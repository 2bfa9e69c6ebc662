import { onSigterm, startWorkload } from "../shared/workload.mjs";

// Each client of the load comes back after just that time.
const workload = await startWorkload({ keepAliveMs: 499 });

onSigterm(() => workload.leave());
