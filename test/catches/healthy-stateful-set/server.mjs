import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload();

onSigterm(() => workload.leave());
