import type { Checker } from "./checker.ts";

/** How many containers had to be killed because their grace ran out? */
export const forcedKills: Checker = ({ terminations }) => ({
  see() {},
  finish() {
    const exits = terminations.flatMap(({ pod, exits, gracePeriodSeconds }) =>
      exits.map((exit) => ({ ...exit, pod, gracePeriodSeconds })),
    );
    const forced = exits.filter((exit) => exit.forced);
    const unseen = terminations.filter(({ exitedAtMs }) => exitedAtMs === undefined).length;
    const base = {
      metric: "forced-kills",
      sample: exits.length,
      doubts:
        unseen > 0 ? [`The exit of ${unseen} of ${terminations.length} pods was not seen.`] : [],
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
    const summary = `${forced.length} of ${exits.length} containers ended by SIGKILL after their grace`;
    return { ...base, value: forced.length, summary };
  },
});
