import type { RunStore } from "#ports/run-store.ts";
import { createRun } from "./create-run.ts";
import { openRun } from "./open-run.ts";

/** Keeps runs as folders below the reports directory. */
export function folderRunStore(reportsDir: string): RunStore {
  return { create: (header) => createRun(reportsDir, header), open: openRun };
}
