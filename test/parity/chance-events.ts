import type { Occurrence } from "./events.ts";
import type { PodStory } from "./pod-story.ts";

/** How far from a change of the pod a probe may have met the change half done: a period and a timeout. */
const PROBE_REACH_MS = 1_500;

/** What Go's HTTP client says of a server that is not there, not yet, or not any more. */
const UNREACHABLE =
  /connection refused|context deadline exceeded|Client\.Timeout|connection reset|no route to host|i\/o timeout|: EOF|has been closed|CONTAINER_EXITED|container not running|not found: not found/;

/**
 * Whether a probe that could not reach its container says only when it was sent. While a container starts
 * or ends, a probe meets it or misses it by milliseconds, and recordings of one case differ in it; of a
 * container that runs, an unreachable probe is behaviour.
 */
export function isChanceOfPod({ reason, message, atMs }: Occurrence, pod: PodStory): boolean {
  if (reason === "FailedMount") return atMs < 0 && message.includes("kube-api-access");
  if (reason !== "Unhealthy" || !UNREACHABLE.test(message)) return false;
  if (atMs < 0) return true;
  return pod.states.some(({ atMs: sinceMs, value }, index) => {
    const untilMs = pod.states[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    const near = sinceMs - PROBE_REACH_MS <= atMs && atMs <= untilMs + PROBE_REACH_MS;
    return near && (value.get("Ready") !== "True" || value.get("deletion") !== "none");
  });
}

/** The budget and its pods are created together; whether its controller sees it without pods is chance. */
export function isChanceOfController({ reason, atMs }: Occurrence): boolean {
  return reason === "NoPods" && atMs < 0;
}
