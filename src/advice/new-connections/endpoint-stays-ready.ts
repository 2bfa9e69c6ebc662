import type { Cause } from "#advice/cause.ts";
import { dataPathDelay, describeDelay } from "#advice/pre-stop.ts";
import { countOf, evidenceOf, several } from "#advice/words.ts";

/** The Service publishes whoever is not ready: no sleep outlives a data path that is told so to the end. */
export const endpointStaysReady: Cause = (clues) => {
  const published = clues.leavings.filter(({ termination }) => termination.readyWhileTerminating);
  const refused = clues.failures.filter(
    ({ kind, leaving }) =>
      kind === "refused" && leaving !== undefined && published.includes(leaving),
  );
  if (refused.length === 0) return undefined;
  return {
    advice: {
      cause: "endpoint-stays-ready",
      explanation:
        `${countOf(refused, "new connection", clues)} found nobody at pods that the EndpointSlice listed as ready while ` +
        `they were terminating, as it did with ${several(published.length, "leaving pod")}: ` +
        `${describeDelay(dataPathDelay(clues), clues)}. A Service does that with publishNotReadyAddresses, and then ` +
        "no preStop sleep is long enough.",
      confidence: "proven",
      evidence: evidenceOf(refused),
      fix:
        "Set publishNotReadyAddresses of the Service to false, or leave it to a second, headless Service for the " +
        "peers that need it.",
    },
    explains: refused,
  };
};
