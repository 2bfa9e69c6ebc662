import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
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
import { always, look, lookedAt, starvedAt } from "#test/support/starved.ts";
import { judge } from "./judge.ts";

/** From 5,000 ms on, when `web-1` is on its way; and what is left of the exposure after it, until 6,500. */
const WHILE_LEAVING = [look(7_000, 0.9, 0.9)];
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

/** Breaks every promise that a machine may break with what begins before 5,000 ms or ends after it, all before 6,000. */
function broken(looks: readonly Observation[]): History {
  const steps = [
    { name: "reserve", exchange: 1, outcome: "failed" },
    { name: "charge", exchange: -1, outcome: "not-started" },
  ] as const;
  const ordered = aTransaction({
    startedAtMs: 4_990,
    endedAtMs: 5_010,
    acknowledged: false,
    steps,
  });
  const fields: Parameters<typeof aHistory>[0] = {
    load: [
      aStream(),
      aStream({ name: "fresh", type: "fresh" }),
      aTransactionStream(),
      aWebsocketStream(),
    ],
    exchanges: [
      ...Array.from({ length: 40 }, (_, i) => anExchange({ sentAtMs: 10 + i * 100 })),
      anExchange({ ...fresh, sentAtMs: 5_499, connectedAtMs: 5_500 }),
      anExchange({ sentAtMs: 4_990, endedAtMs: 5_010, outcome: RESET }),
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
    ["longest-gap", 500],
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
        answerOf(lookedAt(starvedAt(6_000), { load, exchanges }), metric, 0);
      const ok = anExchange({ stream: "other", sentAtMs: 6_300 });
      expect([judged([...many, ok]), judged([...many, one])]).toEqual(["excused", "fail"]);
    },
  );

  it("is no leak: what a pod holds on to is its own doing", () => {
    const usage = (descriptors: number, atMs: number): Observation => ({
      ...{ type: "usage", atMs, pod: "web-2", uid: "uid-web-2", container: "app" },
      ...{ descriptors, sockets: 0, processes: 1 },
    });
    const held = [...always(0.9, 0.9), usage(3, -100), usage(50, 10_100)];
    expect(answerOf(lookedAt(held), "leaks", 0)).toBe("fail");
  });

  it("is no dip of the ready endpoints that began in the starved time and ended after it", () => {
    const dip = [
      WORKLOAD,
      ...leaving(),
      seen(6_000, aPod({ name: "web-3" }), "added"),
      endpointsAt(6_100, { "web-2": "ready" }),
      endpointsAt(6_200, { "web-2": "ready", "web-3": "ready" }),
      ...starvedAt(6_000),
    ];
    expect(answerOf(lookedAt([], { observations: dip }), "capacity", 1)).toBe("excused");
  });

  it("does not count against a promise that it alone does not break", () => {
    const history = lookedAt(starvedAt(6_000), { load, exchanges: [...many, one] });
    expect(answerOf(history, "dropped-requests", 3)).toBe("excused");
  });
});

describe("a gap between successes", () => {
  const timeouts = { connectMs: 100, headersMs: 100, bodyMs: 100 };
  const load = [aStream({ timeouts })];
  const every = (fromMs: number, untilMs: number) =>
    Array.from({ length: (untilMs - fromMs) / 50 }, (_, i) =>
      anExchange({ sentAtMs: fromMs + i * 50 }),
    );
  const lost = (sentAtMs: number) => anExchange({ sentAtMs, outcome: RESET });
  const starvedGap = [...every(0, 4_200), lost(4_210), ...every(5_900, 8_000)];
  const gapOf = (rest: readonly Exchange[], fields: Parameters<typeof aHistory>[0] = {}) => {
    const exchanges = [...starvedGap, ...rest];
    const looks = starvedAt(6_000);
    return answerOf(lookedAt(looks, { load, exchanges, ...fields }), "longest-gap", 600);
  };
  const later = [lost(8_010), ...every(9_000, 10_000)];

  it("is found behind a longer one of the starved time", () => {
    expect([gapOf(every(8_000, 10_000)), gapOf(later)]).toEqual(["excused", "fail"]);
  });

  it("is excused by a machine that was starved when no pod was leaving", () => {
    const observations = [...leaving(), ...starvedAt(6_000), look(10_000, 0.9, 0.9)];
    expect(gapOf(later, { observations })).toBe("excused");
  });

  it("does not stand against a rare stream for being rare", () => {
    const rare = aStream({ name: "rare", arrival: { type: "constant", perSecond: 0.5 }, timeouts });
    const asked = [500, 2_500, 4_500, 6_500, 8_500].map((sentAtMs) =>
      anExchange({ stream: "rare", sentAtMs, ...(sentAtMs === 8_500 && { outcome: RESET }) }),
    );
    const exchanges = [...starvedGap, ...every(8_000, 10_000), ...asked];
    exchanges.sort((a, b) => a.endedAtMs - b.endedAtMs);
    expect(gapOf([], { load: [...load, rare], exchanges })).toBe("excused");
  });
});
