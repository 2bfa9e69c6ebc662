import { setTimeout as sleep } from "node:timers/promises";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

await sleep(800);
const workload = await startWorkload();

onSigterm(() => workload.leave());
