import { describe, expect, it } from "vitest";
import type { History } from "#domain/history.ts";
import type { MetricName } from "#domain/metric.ts";
import type { Observation } from "#domain/observation.ts";
import type { Threshold } from "#domain/threshold.ts";
import {
  aConnection,
  type aHistory,
  anExchange,
  aPod,
  aStream,
  aTransaction,
  aTransactionStream,
  aWebsocketStream,
  endpointsAt,
  leaving,
  RESET,
  seen,
} from "#test/support/builders.ts";
import { lookedAt, starvedAt } from "#test/support/starved.ts";
import { judge } from "./judge.ts";

/** 4,000 to 6,000 ms, when `web-1` leaves; and the exposure that is left after it, until 6,500. */
const WHILE_LEAVING = starvedAt(6_000);
const AFTERWARDS = starvedAt(8_000);

const WORKLOAD: Observation = {
  ...{ type: "workload", atMs: 0 },
  workload: {
    ...{ kind: "Deployment", name: "web", generation: 1 },
    ...{ desired: 2, ready: 2, updated: 2, available: 2 },
  },
};

const fresh = { stream: "fresh", connection: "new", servedBy: "web-1" } as const;
const REFUSED = { type: "failed", reason: "connect-refused" } as const;

const withGraceOf2 = (each: Observation): Observation =>
  each.type !== "pod" || each.pod.deletionTimestamp === undefined
    ? each
    : { ...each, pod: { ...each.pod, deletionGracePeriodSeconds: 2 } };

/** Breaks every promise that a machine may break between 4,000 and 5,990 ms, and none elsewhere. */
function broken(looks: readonly Observation[]): History {
  const steps = [
    { name: "reserve", exchange: 1, outcome: "failed" },
    { name: "charge", exchange: -1, outcome: "not-started" },
  ] as const;
  const ordered = aTransaction({ acknowledged: false, steps });
  const fields: Parameters<typeof aHistory>[0] = {
    load: [
      aStream(),
      aStream({ name: "fresh", type: "fresh" }),
      aTransactionStream(),
      aWebsocketStream(),
    ],
    exchanges: [
      ...Array.from({ length: 40 }, (_, i) => anExchange({ sentAtMs: 10 + i * 100 })),
      anExchange({ ...fresh, sentAtMs: 4_499, connectedAtMs: 4_500 }),
      anExchange({ sentAtMs: 4_500, outcome: RESET }),
      anExchange({ ...{ stream: "fresh", connection: "new" }, sentAtMs: 5_950, outcome: REFUSED }),
      ...Array.from({ length: 41 }, (_, i) => anExchange({ sentAtMs: 5_900 + i * 100 })),
    ].toSorted((a, b) => a.endedAtMs - b.endedAtMs),
    observations: [
      WORKLOAD,
      ...leaving({ exitCode: 137, reason: "Error" }).map(withGraceOf2),
      seen(5_920, aPod({ name: "web-3" }), "added"),
      endpointsAt(5_950, { "web-2": "ready", "web-3": "ready" }),
      ...looks,
    ],
    transactions: [ordered],
    audit: { type: "read", atMs: 9_900, entries: [] },
    connections: [aConnection({ endedAtMs: 5_000, end: { type: "cut", by: "reset" } })],
  };
  return lookedAt(looks, fields);
}

/** `excused` is inconclusive for that reason and no other. */
const answerOf = (history: History, metric: MetricName, limit: number) => {
  const operator = limit === 1 ? ">=" : "<=";
  const promise: Threshold = { metric, operator, limit, text: "" };
  const { verdict, voids = [] } = judge(history, [promise]);
  return voids.some((why) => why.includes("starved")) ? "excused" : verdict;
};

describe("a promise that was broken while pods were leaving", () => {
  it.each([
    ["request-error-rate", 0],
    ["dropped-requests", 0],
    ["transaction-completion-rate", 1],
    ["deregistration-latency", 100],
    ["stale-requests", 0],
    ["failures-per-termination", 0],
    ["longest-gap", 1_000],
    ["grace-used", 0.1],
    ["forced-kills", 0],
    ["capacity", 1],
    ["cut-connections", 0],
  ] as const)("%s is excused only by a machine that was starved just then", (metric, limit) => {
    expect(answerOf(broken(WHILE_LEAVING), metric, limit)).toBe("excused");
    expect(answerOf(broken(AFTERWARDS), metric, limit)).toBe("fail");
  });
});

describe("a failure while the machine was well", () => {
  const load = [aStream(), aStream({ name: "other" })];
  const many = Array.from({ length: 60 }, (_, seq) =>
    anExchange({ seq, sentAtMs: 4_500, outcome: RESET }),
  );
  const one = anExchange({ stream: "other", sentAtMs: 6_300, outcome: RESET });

  it.each(["request-error-rate", "dropped-requests", "failures-per-termination"] as const)(
    "is found by %s behind however many that the starved time explains",
    (metric) => {
      const judged = (exchanges: readonly (typeof one)[]) =>
        answerOf(lookedAt(WHILE_LEAVING, { load, exchanges }), metric, 0);
      const ok = anExchange({ stream: "other", sentAtMs: 6_300 });
      expect([judged([...many, ok]), judged([...many, one])]).toEqual(["excused", "fail"]);
    },
  );

  it("is no dip of the ready endpoints that began in the starved time and ended after it", () => {
    const dip = [
      WORKLOAD,
      ...leaving(),
      seen(6_000, aPod({ name: "web-3" }), "added"),
      endpointsAt(6_100, { "web-2": "ready" }),
      endpointsAt(6_200, { "web-2": "ready", "web-3": "ready" }),
      ...WHILE_LEAVING,
    ];
    expect(answerOf(lookedAt([], { observations: dip }), "capacity", 1)).toBe("excused");
  });

  it("does not count against a promise that it alone does not break", () => {
    const history = lookedAt(WHILE_LEAVING, { load, exchanges: [...many, one] });
    expect(answerOf(history, "dropped-requests", 3)).toBe("excused");
  });

  it("is the longest gap behind a longer one of the starved time", () => {
    const answers = (...moments: number[]) => moments.map((sentAtMs) => anExchange({ sentAtMs }));
    const every = (fromMs: number, untilMs: number) =>
      answers(...Array.from({ length: (untilMs - fromMs) / 50 }, (_, i) => fromMs + i * 50));
    const lost = (sentAtMs: number) => anExchange({ sentAtMs, outcome: RESET });
    const starvedGap = [...every(0, 4_200), lost(4_210), ...every(5_900, 6_200)];
    const judged = (rest: ReturnType<typeof every>) =>
      answerOf(
        lookedAt(WHILE_LEAVING, { exchanges: [...starvedGap, ...rest] }),
        "longest-gap",
        600,
      );
    expect(judged(every(6_200, 10_000))).toBe("excused");
    expect(judged([lost(6_210), ...every(7_200, 10_000)])).toBe("fail");
  });
});
