import type { Cause } from "#advice/cause.ts";
import { describeKill } from "#advice/forced-kill.ts";
import { casesOf, several } from "#advice/words.ts";

/** It heard SIGTERM and began to drain, and then waited for something that did not come. */
export const drainNeverEnds: Cause = (clues) => {
  const kills = clues.kills.filter(
    ({ wasDraining, servedLateAtMs }) => wasDraining && servedLateAtMs === undefined,
  );
  const [first] = kills;
  if (first === undefined) return undefined;
  return {
    advice: {
      cause: "drain-never-ends",
      explanation:
        `${kills.length} of ${several(clues.leavings.length, "pod")} stopped taking requests at SIGTERM and yet ` +
        `did not exit: they were killed when their ${first.leaving.termination.gracePeriodSeconds} s of grace ` +
        "were over, with no request in flight that had been there since before.",
      confidence: "likely",
      evidence: casesOf(kills.map(describeKill)),
      fix:
        "Look for what keeps the process alive after the drain: idle connections that nobody closes, a timer, " +
        "a pool, a worker or child process that was not stopped. Exit when the drain is over, and by a " +
        "deadline of the program's own at the latest.",
    },
    explains: kills.flatMap(({ lost }) => lost),
    kills,
  };
};
