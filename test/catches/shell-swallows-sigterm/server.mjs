import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload();

// It would leave in order, if it only heard the signal.
onSigterm(() => workload.leave());
