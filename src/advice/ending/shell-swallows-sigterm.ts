import type { Cause } from "#advice/cause.ts";
import { describeKill, type ForcedKill } from "#advice/forced-kill.ts";
import { casesOf, several } from "#advice/words.ts";
import type { Leak } from "#domain/report.ts";

/**
 * PID 1 is a shell, or another launcher, that waits for the program and does not pass SIGTERM on to it. The
 * spec says so, or the processes do that were there beside PID 1 when it was killed.
 */
export const shellSwallowsSigterm: Cause = (clues) => {
  const { leaks = [] } = clues.report;
  const kills = clues.kills.filter(
    (kill) => !kill.wasDraining && (shellOf(kill) !== undefined || launches(kill, leaks)),
  );
  const [first] = kills;
  if (first === undefined) return undefined;
  const { leaving } = first;
  return {
    advice: {
      cause: "shell-swallows-sigterm",
      explanation:
        `${kills.length} of ${several(clues.leavings.length, "pod")} ran on until their ` +
        `${leaving.termination.gracePeriodSeconds} s of grace were over and were killed (exit code 137). ` +
        `${describePidOne(first)}: SIGTERM goes to PID 1 alone, and a shell does not pass it on, so the program ` +
        "never heard of it.",
      confidence: "likely",
      evidence: casesOf(kills.map(describeKill)),
      fix:
        "Start the program with `exec` (sh -c 'exec node server.js') or without a shell (the command as a " +
        "list), so that it is PID 1 itself; then see whether it handles SIGTERM.",
    },
    explains: kills.flatMap(({ lost }) => lost),
    kills,
  };
};

function shellOf({ leaving, container }: ForcedKill): string | undefined {
  return leaving.setup?.containers.find(({ name }) => name === container)?.shell;
}

/** What starts the program and stays in front of it; with `exec` these would not have a child. */
const LAUNCHER = /^(?:sh|ash|bash|dash|zsh|ksh|busybox|npm|npx|yarn|pnpm|make|timeout|.*\.sh)$/;

/** A child process beside a PID 1 that is a launcher, or that only the image names. */
function launches({ leaving, container }: ForcedKill, leaks: readonly Leak[]): boolean {
  const { uid } = leaving.termination;
  const hasChild = leaks.some(
    (leak) => leak.of === "children" && leak.uid === uid && leak.container === container,
  );
  const { program } = leaving.setup?.containers.find(({ name }) => name === container) ?? {};
  return hasChild && (program === undefined || LAUNCHER.test(program));
}

function describePidOne(kill: ForcedKill): string {
  const shell = shellOf(kill);
  return shell === undefined
    ? `PID 1 of ${kill.container} had started another process and did nothing at SIGTERM, as a shell does that waits`
    : `The command of ${kill.container} makes ${shell} PID 1`;
}
