import type { Cause } from "#advice/cause.ts";
import { describeKill, type ForcedKill } from "#advice/forced-kill.ts";
import { casesOf, several } from "#advice/words.ts";

/** PID 1 is a shell that waits for the program and does not pass SIGTERM on to it. */
export const shellSwallowsSigterm: Cause = (clues) => {
  const kills = clues.kills.filter((kill) => shellOf(kill) !== undefined && !kill.wasDraining);
  const [first] = kills;
  if (first === undefined) return undefined;
  const { leaving, container } = first;
  return {
    advice: {
      cause: "shell-swallows-sigterm",
      explanation:
        `${kills.length} of ${several(clues.leavings.length, "pod")} ran on until their ` +
        `${leaving.termination.gracePeriodSeconds} s of grace were over and were killed (exit code 137). ` +
        `The command of ${container} makes ${shellOf(first)} PID 1: SIGTERM goes to PID 1 alone, and a shell ` +
        "does not pass it on, so the program never heard of it.",
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
