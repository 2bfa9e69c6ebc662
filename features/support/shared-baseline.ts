import type { ComparableRun } from "#domain/comparable-run.ts";
import { readBaseline } from "#recorded-runs.ts";

const known = new Map<string, Promise<ComparableRun>>();

/** What all scenarios of this process are compared with: its whole history is judged for it, so once. */
export function sharedBaseline(path: string): Promise<ComparableRun> {
  const baseline = known.get(path) ?? readBaseline(path);
  known.set(path, baseline);
  return baseline;
}
