import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload();
setInterval(() => {}, 1_000);

// The way out is the right one, but a process does not end while it has a timer.
onSigterm(() => workload.leave());
