import { onSigterm, startWorkload } from "../shared/workload.mjs";

await startWorkload();

onSigterm(() => process.exit(0));
