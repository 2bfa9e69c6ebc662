import type { Cluster } from "#ports/cluster.ts";
import type { LeavingPod } from "#ports/cluster-objects.ts";

/** What is going to be done to the pods: their own grace period counts unless one is given. */
export type PodRemoval =
  | { readonly type: "evict" }
  | { readonly type: "delete"; readonly gracePeriodSeconds?: number | undefined };

/**
 * Asks the server by a dry run for the removal of every pod before the first one is asked for: a missing right, or
 * a webhook that refuses, must not leave the work half done. Throws that refusal; what a budget says now counts for
 * nothing, since it is asked again when it matters.
 */
export async function rehearseRemoval(
  cluster: Cluster,
  { pods, removal }: { readonly pods: readonly LeavingPod[]; readonly removal: PodRemoval },
  signal: AbortSignal,
): Promise<void> {
  for (const { namespace, name, uid } of pods) {
    const pod = { namespace, name, ...(uid !== undefined && { uid }), dryRun: true } as const;
    if (removal.type === "evict") await cluster.evictPod(pod, signal);
    else await cluster.deletePod(pod, removal.gracePeriodSeconds, signal);
  }
}
