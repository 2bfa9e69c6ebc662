import type { Checker } from "./checker.ts";
import { podsThatRan } from "./pod-stages.ts";
import { cameWhileWell, whileWell } from "./starved-machine.ts";

/** Which share of its grace period did the slowest pod need to leave? */
export const graceUsed: Checker = ({ history, terminations, starvation }) => ({
  finish() {
    const shares = terminations
      .flatMap(({ pod, exitedAtMs, deletionRequestedAtMs, gracePeriodSeconds }) =>
        exitedAtMs === undefined || gracePeriodSeconds === 0
          ? []
          : [
              {
                pod,
                share: (exitedAtMs - deletionRequestedAtMs) / (gracePeriodSeconds * 1000),
                isWell: cameWhileWell(starvation, deletionRequestedAtMs, exitedAtMs),
              },
            ],
      )
      .toSorted((a, b) => b.share - a.share);
    const worst = shares[0];
    const ran = podsThatRan(history.observations);
    const ended = terminations.filter(({ uid }) => ran.has(uid)).length;
    const unseen = ended - shares.length;
    const base = {
      metric: "grace-used",
      sample: shares.length,
      cases: shares.map(({ share }) => share),
      doubts: unseen > 0 ? [`The exit of ${unseen} of ${ended} pods was not seen.`] : [],
      evidence: {
        total: shares.length,
        exchanges: [],
        notes: shares.slice(0, 50).map(({ pod, share }) => `${pod}: ${percent(share)}`),
      },
    } as const;
    if (worst === undefined)
      return { ...base, summary: "No pod was seen to exit after its deletion." };
    const summary = `${worst.pod} used ${percent(worst.share)} of its grace period, the most of all`;
    const well = shares.filter(({ isWell }) => isWell).map(({ share }) => share);
    return { ...base, value: worst.share, ...whileWell(starvation, well), summary };
  },
});

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
