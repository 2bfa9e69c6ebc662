import type { Occurrence } from "./events.ts";
import type { PodStory } from "./pod-story.ts";

/** How far from a change of the pod a probe may have met the change half done: a period and a timeout. */
const PROBE_REACH_MS = 1_500;

/** What Go's HTTP client says of a server that is not there, not yet, or not any more. */
const UNREACHABLE =
  /connection refused|context deadline exceeded|Client\.Timeout|connection reset|no route to host|i\/o timeout|: EOF|has been closed|CONTAINER_EXITED|container not running|not found: not found/;

/**
 * Whether a failed probe says only when it was sent. While a container starts or ends, a probe meets it or
 * misses it by milliseconds, and recordings of one case differ in it; of a container that runs, a failed
 * probe is behaviour, and so is one of a container that does not become ready.
 */
export function isChanceOfPod({ reason, message, atMs }: Occurrence, pod: PodStory): boolean {
  if (reason === "FailedMount") return atMs < 0 && message.includes("kube-api-access");
  if (reason !== "Unhealthy") return false;
  if (atMs < 0) return true; // the pod has become ready since, for the recording began after that
  const { states } = pod;
  return states.some(({ atMs: sinceMs, value }, index) => {
    const next = states[index + 1];
    const untilMs = next?.atMs ?? Number.POSITIVE_INFINITY;
    if (sinceMs - PROBE_REACH_MS > atMs || atMs > untilMs + PROBE_REACH_MS) return false;
    const isStarting = value.get("Ready") !== "True" && next?.value.get("Ready") === "True";
    const isEnding = value.get("deletion") !== "none";
    const isAway = value.get("Ready") !== "True";
    if (isStarting && message.startsWith("Readiness") && index === startOf(states)) return true;
    return (isEnding || isAway) && UNREACHABLE.test(message);
  });
}

/** The state in which a pod that comes during the recording runs for the first time. */
function startOf(states: PodStory["states"]): number {
  const isOld = states[0]?.value.get("phase") === "Running";
  return isOld ? -1 : states.findIndex(({ value }) => value.get("phase") === "Running");
}

/** The budget and its pods are created together; whether its controller sees it without pods is chance. */
export function isChanceOfController({ reason, atMs }: Occurrence): boolean {
  return reason === "NoPods" && atMs < 0;
}
