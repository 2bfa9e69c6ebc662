import { spawn } from "node:child_process";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload();
spawn("sleep", ["60"]);

// The way out is the right one, but a process does not end while its child does not.
onSigterm(() => workload.leave());
