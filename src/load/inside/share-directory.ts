import { join } from "node:path";
import type { LoadPlan } from "#ports/load-driver.ts";

/** Where the files of one worker are on this machine until they are merged. */
export function shareDirectory({ directory }: LoadPlan, worker: number): string {
  return join(directory, "workers", String(worker));
}
