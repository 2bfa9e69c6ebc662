import { onSigterm, startWorkload } from "../shared/workload.mjs";

await startWorkload();

onSigterm(() => {});
