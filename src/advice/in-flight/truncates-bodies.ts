import type { Cause } from "#advice/cause.ts";
import { countOf, evidenceOf, OTHER_SIGNAL } from "#advice/words.ts";

/** Answers began with a good status and ended too early: a client that looks at the status alone is fooled. */
export const truncatesBodies: Cause = (clues) => {
  const broken = clues.failures.filter(({ kind }) => kind === "mid-response");
  if (broken.length === 0) return undefined;
  const leaving = broken.filter((failure) => failure.leaving !== undefined);
  const good = broken.filter(({ mark }) => (mark.status ?? 0) >= 200 && (mark.status ?? 0) < 300);
  return {
    advice: {
      cause: "truncates-bodies",
      explanation:
        `${countOf(broken, "answer", clues)} began and did not end, ${good.length} of them with a status that ` +
        `says success; ${leaving.length} came from pods that were leaving.`,
      confidence: leaving.length > 0 ? "proven" : "likely",
      evidence: evidenceOf(broken),
      fix:
        "On SIGTERM wait until every response has been written to its end and flushed (in Node: until each " +
        "response has emitted `close`), and only then close the connections. " +
        OTHER_SIGNAL,
    },
    explains: broken,
  };
};
