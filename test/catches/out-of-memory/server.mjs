import { onSigterm, startWorkload } from "../shared/workload.mjs";

await startWorkload();

// Writes everything down before it goes, and builds it all up in memory first.
onSigterm(() => {
  const state = [];
  setInterval(() => state.push(Buffer.alloc(8 * 2 ** 20, 1)), 10);
});
