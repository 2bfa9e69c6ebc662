import type { Cause } from "#advice/cause.ts";
import { findLostReadiness } from "#advice/lost-readiness.ts";
import { verdictOf } from "#advice/measured.ts";
import { casesOf, countOf, several, time } from "#advice/words.ts";

/** Pods that nobody was replacing lost their readiness, and with it the Service its endpoints. */
export const notReadyUnderLoad: Cause = (clues) => {
  const { report, failures } = clues;
  const lost = findLostReadiness(report);
  const [first] = lost;
  const refused = failures.filter(({ kind }) => kind === "nobody-ready");
  const short = verdictOf(report, "capacity") === "fail";
  if (first === undefined || (refused.length === 0 && !short)) return undefined;
  const warning = lost.map(({ warning }) => warning).find((message) => message !== undefined);
  return {
    advice: {
      cause: "not-ready-under-load",
      explanation:
        `${several(lost.length, "pod")} that nobody had asked to leave went from ready to not ready under load` +
        `${warning === undefined ? "" : ` (${warning})`}, and ` +
        `${countOf(refused, "new connection", clues)} found no ready endpoint.`,
      confidence: "likely",
      evidence: casesOf(lost.map(({ pod, atMs }) => `${pod}: not ready at ${time(atMs)}`)),
      fix:
        "Give the pods the CPU that the load needs, and let the readiness probe wait longer (timeoutSeconds, " +
        "failureThreshold): one that fails under load takes away the pods that the load needs.",
    },
    explains: refused,
  };
};
