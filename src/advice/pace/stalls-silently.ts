import type { Cause } from "#advice/cause.ts";
import { loadSpans } from "#advice/load-span.ts";
import { verdictOf } from "#advice/measured.ts";
import { casesOf, time } from "#advice/words.ts";
import type { Report, StreamGap } from "#domain/report.ts";

/** Shorter silences happen on any machine. */
const STALL_MS = 500;

/** The product's own promise, where nobody asked for another. */
const UNASKED_MS = 1_000;

/** Everything was answered well, and for a while nothing was answered at all. */
export const stallsSilently: Cause = ({ report }) => {
  const asked = verdictOf(report, "longest-gap");
  if (asked !== undefined && asked !== "fail") return undefined;
  const leastMs = asked === "fail" ? STALL_MS : UNASKED_MS;
  const stalls = (report.gaps ?? []).filter((gap) => isStall(gap, report, leastMs));
  const worst = stalls.toSorted((a, b) => b.lengthMs - a.lengthMs)[0];
  if (worst === undefined) return undefined;
  const leaving = report.windows.filter(
    ({ fromMs, untilMs }) => fromMs <= worst.fromMs + worst.lengthMs && untilMs >= worst.fromMs,
  );
  return {
    advice: {
      cause: "stalls-silently",
      explanation:
        `For ${time(worst.lengthMs)} from ${time(worst.fromMs)} on no request of ${worst.stream} was answered, and ` +
        `then all of them were, with success; before, the longest such gap was ${time(worst.usualMs)}. ` +
        (leaving.length > 0
          ? `${leaving
              .map(({ pod }) => pod)
              .slice(0, 3)
              .join(", ")} ${leaving.length === 1 ? "was" : "were"} leaving then.`
          : "No pod was leaving then."),
      confidence: leaving.length > 0 ? "likely" : "possible",
      evidence: casesOf(
        stalls.map(
          ({ stream, fromMs, lengthMs }) => `${stream}: ${time(lengthMs)} from ${time(fromMs)}`,
        ),
      ),
      fix:
        "Look for work that blocks the program at shutdown or start: synchronous flushing, a lock that is " +
        "handed over, a leader election, a cache that is filled by the first request.",
      ...(asked === undefined && { hint: true }),
    },
    explains: [],
  };
};

/** A stream of rare or of failed requests has gaps for other reasons. */
function isStall(
  { stream, fromMs, lengthMs, failures, usualMs }: StreamGap,
  report: Report,
  leastMs: number,
) {
  const perSecond = report.header.load.find(({ name }) => name === stream)?.arrival.perSecond ?? 0;
  const often = perSecond > 0 && lengthMs >= (10 * 1000) / perSecond;
  return (
    failures === 0 &&
    often &&
    !wasStarved(stream, report) &&
    !lastsToTheEnd(fromMs + lengthMs, report) &&
    lengthMs >= leastMs &&
    // Slow answers that had not begun to come before the first pod left have nothing to be compared with.
    usualMs > 0 &&
    lengthMs >= 3 * usualMs
  );
}

/** With so many requests never sent, the pauses are the load's own. */
const STARVED_SHARE = 0.1;

function wasStarved(name: string, { closing }: Report): boolean {
  const account = closing.streams.find(({ stream }) => stream === name);
  return account !== undefined && account.undelivered > STARVED_SHARE * account.scheduled;
}

/** Then nothing was answered afterwards. */
function lastsToTheEnd(endsAtMs: number, report: Report): boolean {
  return loadSpans(report).some(({ untilMs }) => untilMs === endsAtMs);
}
