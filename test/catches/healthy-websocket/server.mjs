import { acceptWebsockets } from "../shared/websockets.mjs";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload();
const websockets = acceptWebsockets(workload);

onSigterm(() => {
  websockets.draining = true;
  return workload.leave();
});
