import { onSigterm, startWorkload } from "../shared/workload.mjs";

const { server } = await startWorkload();

onSigterm(() => {
  server.close();
  server.closeAllConnections();
});
