import { describeFailure } from "./describe-failure.ts";
import type { LoadCommand, LoadReport, LoadStart } from "./load-messages.ts";
import { prepareRun } from "./load-run.ts";
import { preferThisProcess } from "./prefer-this-process.ts";

const PROGRESS_EVERY_MS = 250;

/** The process in which a load runs, so that neither the cluster nor the report disturbs its clock. */
async function runLoad({ plan, zeroMs }: LoadStart): Promise<void> {
  const prepared = await prepareRun(plan, zeroMs);
  await post({ type: "prepared" });
  const run = prepared.begin(await begin.promise);
  await post({ type: "started" });
  const reporting = setInterval(
    () => void post({ type: "progress", progress: run.progress() }),
    PROGRESS_EVERY_MS,
  );
  const result = await run.stop(await stop.promise);
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

/** Each is told the instant of the run at which it is to happen; undefined: at once. */
const begin = Promise.withResolvers<number | undefined>();
const stop = Promise.withResolvers<number | undefined>();
process.on("message", (command: LoadCommand) => {
  if (command.type === "begin") return begin.resolve(command.atMs);
  if (command.type === "stop") return stop.resolve(command.atMs);
  preferThisProcess();
  runLoad(command)
    .catch((error: unknown) => post({ type: "failed", failure: describeFailure(error) }))
    .finally(() => process.disconnect());
});
// Whoever wanted the load has gone: killed, perhaps. Nothing may go on sending.
process.on("disconnect", () => process.exit());
