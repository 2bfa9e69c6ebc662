import type { Clues } from "#advice/clues.ts";
import type { Leaving } from "#advice/leaving.ts";

/** Longer than kube-proxy takes: whoever still sends goes by something else than the terminating endpoint. */
const LINGER_MS = 2_000;

/** A pod that stayed Ready until its exit, and that somebody went on sending new connections to. */
export interface LingeringPod {
  readonly leaving: Leaving;
  /** From the moment that its endpoint was no longer ready until the last new connection. */
  readonly lingerMs: number;
}

/**
 * Readiness makes no difference to kube-proxy once a pod is terminating. It does to load balancers that
 * look at the probe's own path or at the `serving` condition, and then connections keep coming.
 */
export function findLingeringPods({ leavings, everyFailure }: Clues): readonly LingeringPod[] {
  return leavings.flatMap((leaving): LingeringPod | readonly [] => {
    const { lane, setup, termination } = leaving;
    const probed = setup?.containers.some(({ readinessProbe }) => readinessProbe !== undefined);
    const fromMs = termination.endpointNotReadyAtMs;
    if (probed !== true || fromMs === undefined || lane?.notReadyAtMs !== undefined) return [];
    const refused = everyFailure.filter(
      (failure) => failure.leaving === leaving && failure.kind === "refused",
    );
    if (refused.length === 0) return [];
    // When it was tried: the refusal itself may come seconds later, where a packet was lost on a dead pod.
    const lastMs = Math.max(...refused.map(({ sentAtMs }) => sentAtMs));
    const lingerMs = Math.max(lastMs, lane?.lastNewConnectionAtMs ?? 0) - fromMs;
    return lingerMs > LINGER_MS ? { leaving, lingerMs } : [];
  });
}
