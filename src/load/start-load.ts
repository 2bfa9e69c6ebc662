import type { StartLoad } from "#ports/load-driver.ts";
import { LoadProcess } from "./load-process.ts";
import { zeroOfRun } from "./run-clock.ts";

/**
 * Starts the load in a process of its own; fulfilled when the first request is due. The process writes the
 * ledger itself, so that only counts cross the border while the load goes on.
 *
 * A thread would share its turn on the processor with the cluster and the report of this process, where
 * the kernel groups processes by session; and Ctrl-C must not reach the load, which has to drain first.
 */
export const startLoad: StartLoad = async (plan) => {
  const load = new LoadProcess(plan, zeroOfRun(plan.runStartedAtMs));
  await load.prepared;
  await load.begin();
  return load;
};
