import { readyPods } from "#domain/cluster-view.ts";
import { HarnessError } from "#domain/errors.ts";
import type { DisruptionContext } from "./disruption-context.ts";

/**
 * Refuses to take more of the ready pods away at once than is allowed, before anything is touched. What a
 * rolling update takes away is the workload's own maxUnavailable, which is what is put to the test.
 */
export function requireShare(
  { leaving, act }: { readonly leaving: number; readonly act: string },
  { observed, maxDisruptedRatio }: DisruptionContext,
): void {
  const ready = readyPods(observed.view).length;
  if (ready === 0 || leaving / ready <= maxDisruptedRatio) return;
  const most = Math.round(maxDisruptedRatio * 100);
  const needed = Math.ceil((leaving / ready) * 100);
  throw new HarnessError(
    "TOO_MANY_AT_ONCE",
    `The ${act} would take ${leaving} of ${ready} ready pods away at once, and ${most} % is the most that is allowed.`,
    { hint: `Ask for fewer, or allow it in lastcall.yaml:\nmaxDisrupted: ${needed}%` },
  );
}
