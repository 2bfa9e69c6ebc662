import type { Checker } from "./checker.ts";
import { PartTally } from "./part-tally.ts";
import { podsThatRan } from "./pod-stages.ts";

/** How many containers had to be killed because their grace ran out? */
export const forcedKills: Checker = (facts) => ({
  finish() {
    const { history, terminations } = facts;
    const exits = terminations.flatMap(({ exits, ...termination }) =>
      exits.map((exit) => ({ ...termination, ...exit })),
    );
    const forced = exits.filter((exit) => exit.forced);
    const tally = new PartTally(facts);
    for (const { deletionRequestedAtMs, exitedAtMs } of forced) {
      tally.add(deletionRequestedAtMs, exitedAtMs);
    }
    const ran = podsThatRan(history.observations);
    const ended = terminations.filter(({ uid }) => ran.has(uid));
    const unseen = ended.filter(({ exitedAtMs }) => exitedAtMs === undefined).length;
    const base = {
      metric: "forced-kills",
      sample: exits.length,
      doubts: unseen > 0 ? [`The exit of ${unseen} of ${ended.length} pods was not seen.`] : [],
      evidence: {
        total: forced.length,
        exchanges: [],
        notes: forced
          .slice(0, 50)
          .map(
            ({ pod, container, exitCode, gracePeriodSeconds }) =>
              `${pod}/${container}: exit code ${exitCode} when its ${gracePeriodSeconds} s of grace were over`,
          ),
      },
    } as const;
    if (exits.length === 0) return { ...base, summary: "No container was seen to exit." };
    const summary = `${forced.length} of ${exits.length} containers ended by SIGKILL after their grace${tally.described}`;
    const counts = [{ of: "containers", failures: forced.length, tried: exits.length }];
    return { ...base, value: tally.worst, ...tally.whileWell, counts, summary };
  },
});
