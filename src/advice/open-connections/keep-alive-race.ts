import type { Cause } from "#advice/cause.ts";
import { happensAnyway } from "#advice/happens-anyway.ts";
import { countOf, evidenceOf } from "#advice/words.ts";

/** The server closes idle connections that its clients still want to use, whether or not a pod leaves. */
export const keepAliveRace: Cause = (clues) => {
  const lost = clues.failures.filter(({ kind }) => kind === "kept-lost");
  const outside = lost.filter(({ leaving }) => leaving === undefined);
  if (outside.length === 0) return undefined;
  const inside = lost.filter(({ leaving }) => leaving !== undefined);
  const explained = happensAnyway(inside, clues) ? lost : outside;
  return {
    advice: {
      cause: "keep-alive-race",
      explanation:
        `${countOf(explained, "request", clues)} on kept connections were lost in the moment in which the server ` +
        `closed them for having been idle, ${outside.length} of them at pods that were not leaving: the server's ` +
        "keep-alive time-out is shorter than its clients', so a request may be on its way when the close comes.",
      confidence: outside.length > 2 ? "proven" : "possible",
      evidence: evidenceOf(explained),
      fix:
        "Make the server's keep-alive time-out longer than that of every client and proxy in front of it (in " +
        "Node: server.keepAliveTimeout, 5 s by default, against 60 s of most load balancers).",
    },
    explains: explained,
  };
};
