import type { Cause } from "#advice/cause.ts";
import type { Clues } from "#advice/clues.ts";
import type { Failure } from "#advice/failure.ts";
import { countOf, evidenceOf } from "#advice/words.ts";

/** Within the windows it must be this much more frequent than outside to be the shutdown's own doing. */
const SAME_RATE = 3;

/** The server closes idle connections that its clients still want to use, whether or not a pod leaves. */
export const keepAliveRace: Cause = (clues) => {
  const lost = clues.failures.filter(({ kind }) => kind === "kept-lost");
  const outside = lost.filter(({ leaving }) => leaving === undefined);
  if (outside.length === 0) return undefined;
  const inside = lost.filter(({ leaving }) => leaving !== undefined);
  const everywhere = ratio(clues, inside, outside) <= SAME_RATE;
  const explained = everywhere ? lost : outside;
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

/** How much more often it happens at leaving pods, per request offered. */
function ratio({ report }: Clues, inside: readonly Failure[], outside: readonly Failure[]): number {
  const all = report.closing.streams.reduce((sum, { scheduled }) => sum + scheduled, 0);
  const outsideRate = outside.length / Math.max(1, report.background.requests);
  const insideRate = inside.length / Math.max(1, all - report.background.requests);
  return insideRate / outsideRate;
}
