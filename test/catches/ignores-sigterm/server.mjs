import { onSigterm, startWorkload } from "../shared/workload.mjs";

onSigterm(() => {});

await startWorkload();
