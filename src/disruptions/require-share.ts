import { readyPods } from "#domain/cluster-view.ts";
import { HarnessError } from "#domain/errors.ts";
import type { DisruptionContext } from "./disruption-context.ts";

/** The acts that take pods away because of where they are. */
const OF_NODES = { drain: true, taint: true, shutdown: true, loss: true };

const ALL_TOGETHER =
  "All of them are on the same nodes. A volume that one node alone can mount keeps them there, and then no other node could take them over: kind's storage class makes such volumes, so use a scenario whose pods share none (scenarios/storefront). Otherwise topologySpreadConstraints of the pods, or a restart of the workload, spread them.";

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
  const allow = `Ask for fewer, or allow it in lastcall.yaml:\nmaxDisrupted: ${needed}%`;
  throw new HarnessError(
    "TOO_MANY_AT_ONCE",
    `The ${act} would take ${leaving} of ${ready} ready pods away at once, and ${most} % is the most that is allowed.`,
    { hint: act in OF_NODES && leaving === ready ? ALL_TOGETHER : allow },
  );
}
