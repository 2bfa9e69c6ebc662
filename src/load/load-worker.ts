import { describeFailure } from "./describe-failure.ts";
import type { LoadCommand, LoadReport, LoadStart } from "./load-messages.ts";
import { startRun } from "./load-run.ts";
import { preferThisProcess } from "./prefer-this-process.ts";

const PROGRESS_EVERY_MS = 250;

/** The process in which a load runs, so that neither the cluster nor the report disturbs its clock. */
async function runLoad({ plan, zeroMs }: LoadStart, stopped: Promise<void>): Promise<void> {
  const run = await startRun(plan, zeroMs);
  await post({ type: "started" });
  const reporting = setInterval(
    () => void post({ type: "progress", progress: run.progress() }),
    PROGRESS_EVERY_MS,
  );
  await stopped;
  const result = await run.stop();
  clearInterval(reporting);
  await post({ type: "progress", progress: run.progress() });
  await post({ type: "result", result });
}

/** Fulfilled when the report has left: a large one would be lost with the channel. */
async function post(report: LoadReport): Promise<void> {
  const { promise: left, resolve } = Promise.withResolvers<void>();
  process.send?.(report, undefined, undefined, () => resolve());
  await left;
}

const stop = Promise.withResolvers<void>();
process.on("message", (command: LoadCommand) => {
  if (command.type === "stop") {
    stop.resolve();
    return;
  }
  preferThisProcess();
  runLoad(command, stop.promise)
    .catch((error: unknown) => post({ type: "failed", failure: describeFailure(error) }))
    .finally(() => process.disconnect());
});
// Whoever wanted the load has gone: killed, perhaps. Nothing may go on sending.
process.on("disconnect", () => process.exit());
