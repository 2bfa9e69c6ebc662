import { openSync } from "node:fs";
import { answer, onSigterm, startWorkload } from "../shared/workload.mjs";

/** Each visit opens a file and closes none. */
const visit = ({ response }) => {
  openSync(import.meta.filename);
  answer(response, 200, { open: true });
};
const workload = await startWorkload({ routes: { "/": visit } });

onSigterm(() => workload.leave());
