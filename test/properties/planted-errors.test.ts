import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import type { History } from "#domain/history.ts";
import type { Report } from "#domain/report.ts";
import { judged, SEEDS } from "./numbers-of.ts";
import { randomHistory } from "./random-history.ts";

/*
 * "Changes no number" is worth what the numbers notice. Each of these errors could be made by whoever reads,
 * splits or merges ledgers, and each must show in the numbers that the properties compare.
 */
const ALL = SEEDS.map((seed) => {
  const history = randomHistory(seed);
  return { history, sound: judged(history) };
});

/** The named parts of the report that differ in any of the histories. */
function seenIn(plant: (history: History) => Partial<History>): ReadonlySet<string> {
  return new Set(
    ALL.flatMap(({ history, sound }) => {
      const planted = judged({ ...history, ...plant(history) });
      return [...Object.keys(sound), ...metricsOf(sound)].filter(
        (part) => !isDeepStrictEqual(partOf(sound, part), partOf(planted, part)),
      );
    }),
  );
}

function measurementsOf({ results, ungated }: Report) {
  return [...results.map(({ measurement }) => measurement), ...ungated];
}

function metricsOf(report: Report): readonly string[] {
  return measurementsOf(report).map(({ metric }) => metric);
}

function partOf(report: Report, part: string): unknown {
  const measurement = measurementsOf(report).find(({ metric }) => metric === part);
  return measurement ?? report[part as keyof Report]; // the other parts are keys of the report
}

/** The exchanges with some of them replaced by others, or by none. */
function replaced(
  { exchanges }: History,
  replace: (exchange: Exchange, place: number) => readonly Exchange[],
): Partial<History> {
  return { exchanges: [...exchanges].flatMap(replace) };
}

const isAnswer = ({ outcome }: Exchange) => outcome.type === "ok";
const isExposed = ({ sentAtMs }: Exchange) => sentAtMs > 3_500 && sentAtMs < 6_000;

describe("the numbers that are compared", () => {
  it.each<[string, (history: History) => Partial<History>, readonly string[]]>([
    [
      "an exchange that is lost",
      (history) => replaced(history, (each, place) => (place === 60 ? [] : [each])),
      ["series", "doubts"],
    ],
    [
      "an exchange that is read twice",
      (history) => replaced(history, (each, place) => (place === 60 ? [each, each] : [each])),
      ["series", "doubts"],
    ],
    [
      "failures that are lost",
      (history) => replaced(history, (each) => (isAnswer(each) ? [each] : [])),
      [
        "request-error-rate",
        "dropped-requests",
        "failures-per-termination",
        "stale-requests",
        "marks",
      ],
    ],
    [
      "the shares of two workers laid end to end",
      (history) => {
        const all = [...history.exchanges];
        const share = (worker: number) => all.filter(({ seq }) => seq % 2 === worker);
        const streams = history.header.load.map(({ name }) => name);
        const exchanges = streams.flatMap((name) =>
          [0, 1].flatMap((worker) => share(worker).filter(({ stream }) => stream === name)),
        );
        return { exchanges };
      },
      ["longest-gap", "gaps"],
    ],
    [
      "connections of two workers that keep one number",
      (history) =>
        replaced(history, (each) => [{ ...each, connectionId: Math.ceil(each.connectionId / 2) }]),
      ["marks"],
    ],
    [
      "answers that took 2 % longer",
      (history) =>
        replaced(history, (each) => {
          const tookMs = each.endedAtMs - each.scheduledAtMs;
          return [isAnswer(each) ? { ...each, endedAtMs: each.endedAtMs + tookMs / 50 } : each];
        }),
      ["latencies", "series", "gaps"],
    ],
    [
      "answers whose pod is forgotten while pods leave",
      (history) =>
        replaced(history, (each) => [isExposed(each) ? { ...each, servedBy: undefined } : each]),
      ["deregistration-latency", "terminations", "lanes"],
    ],
    [
      "connections that came 5 ms later",
      (history) =>
        replaced(history, (each) => [
          each.connectedAtMs === undefined
            ? each
            : { ...each, connectedAtMs: each.connectedAtMs + 5 },
        ]),
      ["deregistration-latency", "terminations"],
    ],
    [
      "a transaction that is lost",
      ({ transactions }) => ({ transactions: transactions.toSpliced(3, 1) }),
      ["transactions", "transaction-completion-rate", "audit-violations"],
    ],
    [
      "an observation that is lost",
      ({ observations }) => ({
        observations: observations.filter(({ type, atMs }) => type !== "pod" || atMs < 5_000),
      }),
      ["terminations", "grace-used", "forced-kills", "windows"],
    ],
    [
      "endpoints and usage that are lost",
      ({ observations }) => ({
        observations: observations.filter(({ type }) => type === "pod" || type === "workload"),
      }),
      ["capacity", "leaks"],
    ],
  ])("show %s", (_, plant, parts) => {
    const seen = seenIn(plant);
    expect(parts.filter((part) => !seen.has(part))).toEqual([]);
  });
});
