import type { Cause } from "#advice/cause.ts";
import { describeKill } from "#advice/forced-kill.ts";
import { sigtermOrDeletionMs } from "#advice/leaving.ts";
import { casesOf, OTHER_SIGNAL, several, time } from "#advice/words.ts";

/** The process did not stop when it was told to, so the kubelet killed it with whatever it was doing. */
export const ignoresSigterm: Cause = (clues) => {
  const kills = clues.kills.filter(({ droppedConnections }) => !droppedConnections);
  const [first] = kills;
  if (first === undefined) return undefined;
  const busy = kills.find(({ servedLateAtMs }) => servedLateAtMs !== undefined);
  const servedMs =
    busy?.servedLateAtMs === undefined
      ? undefined
      : busy.servedLateAtMs - sigtermOrDeletionMs(busy.leaving);
  return {
    advice: {
      cause: "ignores-sigterm",
      explanation:
        `${kills.length} of ${several(clues.leavings.length, "pod")} of ${clues.report.header.workload.name} ` +
        `were still running when their ${first.leaving.termination.gracePeriodSeconds} s of grace were over and ` +
        `were killed (exit code 137)${servedMs === undefined ? "" : `; one took a request ${time(servedMs)} after SIGTERM`}. ` +
        `PID 1 of ${first.container} does not act on SIGTERM: it installed no handler, or it is a shell that ` +
        "does not pass the signal on.",
      confidence: servedMs === undefined ? "likely" : "proven",
      evidence: casesOf(kills.map(describeKill)),
      fix:
        "Handle SIGTERM in the program: stop accepting, finish what is in flight, exit 0. If a shell starts " +
        `it, use \`exec\` so that the program itself is PID 1. ${OTHER_SIGNAL}`,
    },
    explains: kills.flatMap(({ lost }) => lost),
    kills,
  };
};
