import type { Cause } from "#advice/cause.ts";
import { countOf, evidenceOf, several } from "#advice/words.ts";

/** The run itself killed the pods, and no program is told of that: what it costs is the price of a crash. */
export const killedOutright: Cause = (clues) => {
  const { leavings, failures } = clues;
  const killed = new Set(
    leavings.filter(({ termination }) => termination.killedOutright !== undefined),
  );
  const lost = failures.filter(({ leaving }) => leaving !== undefined && killed.has(leaving));
  if (lost.length === 0) return undefined;
  const bySignal = [...killed].some(({ termination }) => termination.killedOutright === "SIGKILL");
  return {
    advice: {
      cause: "killed-outright",
      explanation:
        `${several(killed.size, "pod")} of ${leavings.length} ended because this run ` +
        `${bySignal ? "sent SIGKILL to the container" : "took away the node's machine"}: no SIGTERM and no preStop ` +
        `came before, and ${countOf(lost, "request", clues)} met that.`,
      confidence: "proven",
      evidence: evidenceOf(lost),
      fix:
        "No shutdown path can help here. Promise of such a run what a crash may cost: more replicas make each " +
        "one cost less, a shorter readiness period ends it sooner, and clients may repeat what is idempotent. " +
        "For the graceful way, delete the pod, or send SIGTERM.",
    },
    explains: lost,
  };
};
