import { upperBound } from "#domain/confidence.ts";
import type { Exchange } from "#domain/exchange.ts";
import type { CaseCount } from "#domain/measurement.ts";
import type { Checker } from "./checker.ts";
import { EvidenceList } from "./evidence-list.ts";
import { cameWhileWell, whileWell } from "./starved-machine.ts";

interface Count {
  exposed: number;
  notOk: number;
}

/**
 * Which share of the requests that met a leaving pod were not answered well?
 *
 * Streams fail differently, and the larger would dilute the smaller: each is counted apart and the worst
 * one is the answer. Where nothing failed the confidence bound is that of all streams together, since a rare
 * stream of long requests could never carry it alone. Transaction steps are judged by the transaction completion rate.
 */
export const requestErrorRate: Checker = (facts) => {
  const counts = new Map<string, Count>();
  const wellCounts = new Map<string, Count>();
  for (const stream of facts.history.header.load) {
    if (stream.type === "transactions") continue;
    counts.set(stream.name, { exposed: 0, notOk: 0 });
    wellCounts.set(stream.name, { exposed: 0, notOk: 0 });
  }
  const evidence = new EvidenceList();
  return {
    see(exchange: Exchange) {
      const count = counts.get(exchange.stream);
      if (count === undefined || exchange.outcome.type === "undelivered") return;
      if (!facts.isExposed(exchange)) return;
      countIn(count, exchange);
      if (exchange.outcome.type !== "ok") evidence.add(exchange);
      const { stream, sentAtMs, endedAtMs } = exchange;
      if (!cameWhileWell(facts.starvation, sentAtMs, endedAtMs)) return;
      countIn(wellCounts.get(stream), exchange);
    },
    finish() {
      const base = { metric: "request-error-rate", evidence: evidence.toEvidence() } as const;
      const streams = [...counts].map(([stream, count]) => ({ stream, ...count }));
      const unasked = streams.filter(({ exposed }) => exposed === 0);
      const worst = streams.toSorted((a, b) => rate(b) - rate(a))[0];
      if (worst === undefined || unasked.length === streams.length) {
        return { ...base, summary: "No request met a terminating pod.", sample: 0, doubts: [] };
      }
      const sample = streams.reduce((sum, { exposed }) => sum + exposed, 0);
      const boundOn =
        worst.notOk === 0
          ? { of: "exposed requests", failures: 0, tried: sample }
          : caseCount(worst);
      return {
        ...base,
        value: rate(worst),
        ...whileWell(facts.starvation, [...wellCounts.values()].map(rate)),
        bound: upperBound(boundOn.failures, boundOn.tried, facts.confidence),
        boundOn,
        counts: streams.map(caseCount),
        sample,
        summary: streams
          .map(({ stream, notOk, exposed }) => `${notOk} of ${exposed} exposed on ${stream}`)
          .join(", "),
        doubts: unasked.map(
          ({ stream }) => `No request of stream ${stream} met a terminating pod.`,
        ),
      };
    },
  };
};

function countIn(count: Count | undefined, { outcome }: Exchange): void {
  if (count === undefined) return;
  count.exposed += 1;
  if (outcome.type !== "ok") count.notOk += 1;
}

function caseCount({ stream, notOk, exposed }: Count & { readonly stream: string }): CaseCount {
  return { of: `exposed requests of ${stream}`, failures: notOk, tried: exposed };
}

function rate({ notOk, exposed }: Count): number {
  return exposed === 0 ? 0 : notOk / exposed;
}
