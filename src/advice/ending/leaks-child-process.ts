import type { Cause } from "#advice/cause.ts";
import type { ForcedKill } from "#advice/forced-kill.ts";
import { verdictOf } from "#advice/measured.ts";
import { casesOf, several } from "#advice/words.ts";
import type { Leak } from "#domain/report.ts";

/**
 * The program drained, and child processes kept its container from ending; or each request leaves one
 * behind. A node counts them while they live, so what SIGKILL ended with the container is known too.
 */
export const leaksChildProcess: Cause = (clues) => {
  const { report, leavings } = clues;
  const leaks = (report.leaks ?? []).filter(({ of }) => of !== "descriptors");
  const kills = clues.kills.filter(
    (kill) => kill.wasDraining && kill.servedLateAtMs === undefined && childrenOf(kill, leaks) > 0,
  );
  const grown = leaks.filter(({ of }) => of === "processes");
  if (kills.length === 0 && grown.length === 0) return undefined;
  const killed =
    kills.length === 0
      ? []
      : [
          `${kills.length} of ${several(leavings.length, "pod")} stopped taking requests at SIGTERM and were killed ` +
            "when their grace was over, with child processes that had not ended.",
        ];
  const more =
    grown.length === 0
      ? []
      : [
          `${several(grown.length, "pod")} had up to ${Math.max(...grown.map(({ count }) => count))} processes more ` +
            "after the load than before it: requests leave them behind.",
        ];
  const asked = verdictOf(report, "leaks");
  return {
    advice: {
      cause: "leaks-child-process",
      explanation: [...killed, ...more].join(" "),
      confidence: "likely",
      evidence: casesOf(leaks.map(describe)),
      fix:
        "End each child process with the work it was started for, pass SIGTERM on to those that live as long as " +
        "the program, and wait for them before it exits. Kubernetes kills what is left without asking it.",
      ...(kills.length === 0 && asked !== "fail" && { hint: true }),
    },
    explains: kills.flatMap(({ lost }) => lost),
    kills,
  };
};

function childrenOf({ leaving, container }: ForcedKill, leaks: readonly Leak[]): number {
  const own = leaks.find(
    (leak) =>
      leak.of === "children" &&
      leak.uid === leaving.termination.uid &&
      leak.container === container,
  );
  return own?.count ?? 0;
}

function describe({ pod, container, of, count }: Leak): string {
  const what =
    of === "children"
      ? "besides the main one at the end of its grace"
      : "more than before the load";
  return `${pod}/${container}: ${count} ${count === 1 ? "process" : "processes"} ${what}`;
}
