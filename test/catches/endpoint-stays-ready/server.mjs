import { closeListenerAndLeave } from "../shared/close-listener.mjs";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload();

onSigterm(() => closeListenerAndLeave(workload));
