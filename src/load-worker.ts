import { parseArgs } from "node:util";

/*
 * What the runner image does inside a cluster, as `lastcall-load-worker`: a program of its own, because a
 * worker has to be there soon, and the command line takes a second of a processor to load.
 *
 *   --wait            keeps the pod alive until SIGTERM, and does no more
 *   --directory DIR   started by exec: takes a plan on standard input and offers its load
 */

/** As PID 1 of a container it has to listen for the signal, or would not be ended by it. */
async function untilTerminated(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const alive = setInterval(() => undefined, 60_000);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, resolve);
  await promise;
  clearInterval(alive);
}

const { values } = parseArgs({
  options: { wait: { type: "boolean" }, directory: { type: "string" } },
});
if (values.directory === undefined) await untilTerminated();
else {
  const { serveWorker } = await import("#load/inside/serve-worker.ts");
  const { directory } = values;
  await serveWorker({ input: process.stdin, output: process.stdout, directory });
}
