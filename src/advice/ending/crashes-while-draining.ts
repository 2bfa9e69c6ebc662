import type { Cause } from "#advice/cause.ts";
import { endedAtSignal, exitedSoon } from "#advice/ended-at-signal.ts";
import { type Leaving, sigtermOrDeletionMs } from "#advice/leaving.ts";
import { casesOf, countOf, several, time } from "#advice/words.ts";
import type { ContainerExit } from "#domain/termination.ts";

/** 143 is SIGTERM's own code, and these ends are told apart by their reason. */
const NOT_A_CRASH = new Set([0, 143]);
const TOLD_APART = new Set(["OOMKilled", "ContainerStatusUnknown"]);

/** The program ended with an error instead of an orderly exit after it had been told to stop. */
export const crashesWhileDraining: Cause = (clues) => {
  const { report, leavings, failures } = clues;
  const signalled = leavings.filter((leaving) => endedAtSignal(leaving, failures));
  const crashes = leavings.flatMap((leaving) => {
    if (leaving.termination.killedOutright !== undefined) return [];
    if (endsLike(leaving, signalled) && !leaving.termination.exits.some(isKill)) return [];
    const exit = leaving.termination.exits.find(isCrash);
    return exit === undefined ? [] : [{ leaving, exit }];
  });
  const [first] = crashes;
  if (first === undefined) return undefined;
  const pods = new Set(crashes.map(({ leaving }) => leaving));
  const lost = failures.filter(
    ({ leaving, kind }) => leaving !== undefined && pods.has(leaving) && kind !== "error-answer",
  );
  const { exitCode, container } = first.exit;
  return {
    advice: {
      cause: "crashes-while-draining",
      explanation:
        `${container} ended with exit code ${exitCode} in ${crashes.length} of ` +
        `${several(leavings.length, "pod")} that had been told to stop, before the grace was over` +
        `${exitCode === 137 ? ": somebody else than the kubelet killed it" : ""}. ` +
        `${countOf(lost, "request", clues)} met them.`,
      confidence: lost.length > 0 ? "likely" : "proven",
      evidence: casesOf(crashes.map(describe)),
      fix:
        "Read the container's last log lines: the shutdown path throws, or exits with an error code on purpose. " +
        "A clean shutdown ends with 0.",
      ...(lost.length === 0 && report.verdict !== "fail" && { hint: true }),
    },
    explains: lost,
  };
};

/** By the signal, or as others did that the signal had surely ended: an idle pod of the same program shows less. */
function endsLike(leaving: Leaving, signalled: readonly Leaving[]): boolean {
  if (signalled.includes(leaving)) return true;
  return exitedSoon(leaving) && signalled.some((other) => codesOf(other) === codesOf(leaving));
}

function codesOf({ termination }: Leaving): string {
  return termination.exits.map(({ container, exitCode }) => `${container} ${exitCode}`).join();
}

function isCrash({ exitCode, reason = "", forced }: ContainerExit): boolean {
  return !NOT_A_CRASH.has(exitCode) && !forced && !TOLD_APART.has(reason);
}

/** A program does not choose 137: whoever killed it is at fault, however soon. */
function isKill({ exitCode }: ContainerExit): boolean {
  return exitCode === 137;
}

function describe({ leaving, exit }: { readonly leaving: Leaving; readonly exit: ContainerExit }) {
  const { pod, exitedAtMs } = leaving.termination;
  const sinceMs = exitedAtMs === undefined ? undefined : exitedAtMs - sigtermOrDeletionMs(leaving);
  const after = sinceMs === undefined ? "" : `, ${time(Math.max(0, sinceMs))} after SIGTERM`;
  return `${pod}/${exit.container}: exit code ${exit.exitCode}${after}`;
}
