import type { Exchange } from "#domain/exchange.ts";
import { mergeSpans, overlapsAny, type Span } from "#domain/exposure-windows.ts";
import type { Checker } from "./checker.ts";
import { EvidenceList } from "./evidence-list.ts";
import { PartTally } from "./part-tally.ts";
import { podsThatRan } from "./pod-stages.ts";
import type { RunFacts } from "./run-facts.ts";

/**
 * How many requests were sent to a pod whose process had already exited?
 *
 * Nobody answers there, so nobody names the pod: a new connection that was refused or reset before any
 * answer, between a pod's exit and the end of its exposure, is counted. The data path then still listed
 * an address where nobody listens. Only new connections are asked: a kept one ends with the process.
 *
 * A cluster tells of an exit after it happened, on a real one often by a second. What was sent in between
 * is not counted here, so a 0 speaks for the time from the arrival of that news.
 */
export const staleRequests: Checker = (facts) => {
  const evidence = new EvidenceList();
  const tally = new PartTally(facts);
  const spans = spansAfterExit(facts);
  const merged = mergeSpans(spans);
  let unasked = spans;
  let asked = 0;
  return {
    see(exchange) {
      const { outcome, connection, sentAtMs, endedAtMs } = exchange;
      if (outcome.type === "undelivered" || connection !== "new") return;
      if (!overlapsAny(merged, sentAtMs, sentAtMs)) return;
      asked += 1;
      unasked = unasked.filter(({ fromMs, untilMs }) => sentAtMs < fromMs || sentAtMs > untilMs);
      if (!nobodyListened(exchange)) return;
      evidence.add(exchange);
      tally.add(sentAtMs, endedAtMs);
    },
    finish() {
      const base = {
        metric: "stale-requests",
        sample: asked,
        doubts: findDoubts(facts, unasked.length),
        evidence: evidence.toEvidence(),
      } as const;
      if (spans.length === 0) return { ...base, summary: "No pod was seen to exit." };
      if (asked === 0) {
        const summary =
          "No new connection was sent between a pod's exit and the end of its exposure.";
        return { ...base, summary };
      }
      const summary =
        `${evidence.total} of ${asked} new connections found nobody listening after a pod's exit had been seen` +
        `${tally.described}; the news of an exit comes after it`;
      const counts = [
        { of: "new connections after an exit", failures: evidence.total, tried: asked },
      ];
      return { ...base, value: tally.worst, ...tally.whileWell, counts, summary };
    },
  };
};

function spansAfterExit({ terminations, windows }: RunFacts): readonly Span[] {
  return terminations.flatMap(({ exitedAtMs }, i) => {
    const untilMs = windows[i]?.untilMs;
    return exitedAtMs === undefined || untilMs === undefined
      ? []
      : [{ fromMs: exitedAtMs, untilMs }];
  });
}

function findDoubts({ history, terminations }: RunFacts, unasked: number): readonly string[] {
  const ran = podsThatRan(history.observations);
  const unseen = terminations.filter(
    ({ uid, exitedAtMs }) => exitedAtMs === undefined && ran.has(uid),
  ).length;
  return [
    ...(unseen > 0 ? [`The exit of ${unseen} of ${terminations.length} pods was not seen.`] : []),
    ...(unasked > 0
      ? [`No new connection was sent after the exit of ${unasked} of ${terminations.length} pods.`]
      : []),
  ];
}

function nobodyListened({ connection, outcome, firstByteAtMs }: Exchange): boolean {
  if (connection !== "new" || firstByteAtMs !== undefined) return false;
  if (outcome.type !== "failed" && outcome.type !== "indeterminate") return false;
  const { reason } = outcome;
  return (
    reason === "connect-refused" ||
    reason === "connect-timeout" ||
    reason === "no-route" ||
    reason === "reset-before-response"
  );
}
