import type { Pod } from "#embedded/api/objects.ts";
import { timestamp } from "./server-context.ts";

/** What a delete does to a pod's object. Removal itself waits for grace 0 and for the finalizers. */
export type PodDeletion =
  | { readonly type: "unchanged" }
  | {
      readonly type: "marked";
      readonly deletionTimestamp: string;
      readonly gracePeriodSeconds: number;
      /** Only the first delete counts as a change of what is wanted. */
      readonly isFirst: boolean;
    };

/**
 * Graceful deletion of a pod, as the API server decides it:
 *
 *   first delete ──► deletionTimestamp = now + grace ──► (kubelet) delete with grace 0 ──► gone
 *                          └── a later delete may only shorten the grace, counted from the first
 */
export function decidePodDeletion(
  pod: Pod,
  requestedSeconds: number | undefined,
  nowMs: number,
): PodDeletion {
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (deletionTimestamp === undefined) {
    const gracePeriodSeconds = firstGracePeriod(pod, requestedSeconds);
    return {
      type: "marked",
      deletionTimestamp: timestamp(nowMs + gracePeriodSeconds * 1000),
      gracePeriodSeconds,
      isFirst: true,
    };
  }
  const currentSeconds = deletionGracePeriodSeconds;
  if (requestedSeconds === undefined || currentSeconds === undefined) return { type: "unchanged" };
  const wanted = requestedSeconds < 0 ? 1 : requestedSeconds;
  if (wanted >= currentSeconds) return { type: "unchanged" };
  const startedMs = Date.parse(deletionTimestamp) - currentSeconds * 1000;
  const endsMs = startedMs + wanted * 1000;
  // The shortened period is already over: one second is left to whoever did not ask for zero.
  if (endsMs < nowMs) {
    const gracePeriodSeconds = wanted === 0 ? 0 : 1;
    return {
      type: "marked",
      deletionTimestamp: timestamp(nowMs),
      gracePeriodSeconds,
      isFirst: false,
    };
  }
  return {
    type: "marked",
    deletionTimestamp: timestamp(endsMs),
    gracePeriodSeconds: wanted,
    isFirst: false,
  };
}

function firstGracePeriod({ spec, status }: Pod, requestedSeconds: number | undefined): number {
  // Nobody runs it, or it has run its course: there is nothing to wait for.
  if (spec.nodeName === undefined || spec.nodeName === "") return 0;
  if (status.phase === "Succeeded" || status.phase === "Failed") return 0;
  const seconds = requestedSeconds ?? spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}
