import { setPriority } from "node:os";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { HarnessError } from "#domain/errors.ts";
import type { LoadCommand, LoadFailure, LoadReport, LoadWorkerData } from "./load-messages.ts";
import { startRun } from "./load-run.ts";

const PROGRESS_EVERY_MS = 250;
/** A nice value, half of the way to the highest priority. */
const PREFERRED = -10;

/** The thread in which a load runs, so that neither the cluster nor the report disturbs its clock. */
async function runLoad(port: MessagePort, { plan, zeroMs }: LoadWorkerData): Promise<void> {
  const post = (report: LoadReport) => port.postMessage(report);
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  port.once("message", (_stop: LoadCommand) => stop());
  const run = await startRun(plan, zeroMs);
  post({ type: "started" });
  const reporting = setInterval(
    () => post({ type: "progress", progress: run.progress() }),
    PROGRESS_EVERY_MS,
  );
  await stopped;
  const result = await run.stop();
  clearInterval(reporting);
  post({ type: "progress", progress: run.progress() });
  post({ type: "result", result });
}

function describeFailure(error: unknown): LoadFailure {
  if (error instanceof HarnessError)
    return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "LOAD_BROKEN", message, hint: "This is a fault of Lastcall; please report it." };
}

/**
 * On a busy machine the load must run when it is due. Linux gives priorities to threads, so neither the
 * cluster nor its pods get this one; without the right to raise it, lateness is measured all the same.
 */
function preferThisThread(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(PREFERRED);
  } catch {
    // EACCES or EPERM: not root.
  }
}

if (parentPort !== null) {
  preferThisThread();
  const port = parentPort;
  runLoad(port, workerData as LoadWorkerData)
    .catch((error: unknown) =>
      port.postMessage({ type: "failed", failure: describeFailure(error) }),
    )
    .finally(() => port.close());
}
