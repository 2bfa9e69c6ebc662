import { describe, expect, it } from "vitest";
import {
  aConnection,
  aHistory,
  anExchange,
  aTransaction,
  aTransactionStream,
  RESET,
} from "#test/support/builders.ts";
import type { History, StreamAccount } from "./history.ts";
import { poolHistories } from "./pool-histories.ts";

const account: StreamAccount = {
  stream: "reused",
  scheduled: 3,
  ok: 2,
  failed: 0,
  indeterminate: 1,
  undelivered: 0,
  late: 0,
  worstLoopDelayMs: 1,
  harnessFailures: [],
};
const exchanges = [
  anExchange({ seq: 1, servedBy: "web-1", connectedAtMs: 90, firstByteAtMs: 104 }),
  anExchange({ seq: 2, sentAtMs: 4_500, outcome: RESET }),
];

/** The standard history: its phases end at 10,000 ms. */
function repetition(runId: string, fields: Partial<History["closing"]> = {}): History {
  const history = aHistory({ exchanges });
  return {
    ...history,
    header: { ...history.header, runId },
    closing: { ...history.closing, streams: [account], ...fields },
  };
}

describe("poolHistories", () => {
  it("keeps long-lived connections apart, too", () => {
    const held = aConnection({ endedAtMs: 5_000 });
    const one = { ...repetition("a"), connections: [held] };
    const { connections } = poolHistories([one, { ...one, ...repetition("b") }], 2);
    expect(connections).toEqual([
      { ...held, connectionId: 2, pod: "web-1 (run 1)" },
      { ...held, connectionId: 3, pod: "web-1 (run 2)", openedAtMs: 11_000, endedAtMs: 16_000 },
    ]);
  });

  it("leaves a single repetition as it is, but for the plan", () => {
    const one = repetition("a");
    const pool = poolHistories([one], 3);
    expect({ ...pool, exchanges: [...pool.exchanges] }).toEqual({
      ...one,
      repetitions: [one],
      header: {
        ...one.header,
        pool: {
          planned: 3,
          runs: [{ number: 1, runId: "a", fromMs: 0, untilMs: 10_000 }],
          leftOut: [],
        },
      },
    });
  });

  it("lays repetitions end to end and keeps their pods, connections and requests apart", () => {
    const pool = poolHistories([repetition("a"), repetition("b")], 3);
    const [first, , second, lost] = [...pool.exchanges];
    expect(pool.header.pool?.runs.map(({ fromMs }) => fromMs)).toEqual([0, 11_000]);
    expect(second).toEqual({
      ...first,
      seq: 4,
      scheduledAtMs: 11_100,
      sentAtMs: 11_100,
      connectedAtMs: 11_090,
      firstByteAtMs: 11_104,
      endedAtMs: 11_105,
      servedBy: "web-1 (run 2)",
      connectionId: 3,
    });
    expect(first).toMatchObject({ servedBy: "web-1 (run 1)", connectionId: 2 });
    expect(lost).not.toHaveProperty("servedBy");
    expect(pool.closing.streams).toEqual([{ ...account, scheduled: 6, ok: 4, indeterminate: 2 }]);
    expect(pool.closing.phases.map(({ startedAtMs }) => startedAtMs)).toEqual([
      0, 9_000, 11_000, 20_000,
    ]);
  });

  it("moves every kind of observation", () => {
    const own = { answeredAtMs: 5, verb: "delete", object: "pod/web-1", result: "" } as const;
    const observations: History["observations"] = [
      ...aHistory().observations.slice(0, 1),
      { type: "action", atMs: 0, ...own },
      { type: "event", atMs: 1, about: "pod/web-1", severity: "Normal", reason: "", message: "" },
      {
        type: "event",
        atMs: 1,
        about: "deployment/web",
        severity: "Normal",
        reason: "",
        message: "",
      },
      { type: "watch-gap", atMs: 2, untilMs: 3, resource: "pods", reason: "" },
      ...aHistory().observations.slice(2, 3),
    ];
    const one = { ...repetition("a"), observations };
    const moved = poolHistories([one, one], 2).observations.slice(observations.length);
    expect(moved).toMatchObject([
      { atMs: 11_000, pod: { name: "web-1 (run 2)", uid: "uid-web-1 (run 2)" } },
      { atMs: 11_000, answeredAtMs: 11_005, object: "pod/web-1 (run 2)" },
      { atMs: 11_001, about: "pod/web-1 (run 2)" },
      { about: "deployment/web" },
      { atMs: 11_002, untilMs: 11_003 },
      {
        slice: "web-abc (run 2)",
        endpoints: [{ pod: "web-1 (run 2)" }, { pod: "web-2 (run 2)" }],
      },
    ]);
  });

  it("leaves out what is void, and says why", () => {
    const late = { streams: [{ ...account, late: 1 }] };
    const pool = poolHistories([repetition("a", late), repetition("b")], 2);
    expect(pool.header.pool).toEqual({
      planned: 2,
      runs: [{ number: 2, runId: "b", fromMs: 0, untilMs: 10_000 }],
      leftOut: [
        {
          number: 1,
          reason: "1 of 3 requests were sent more than 10 ms late: this machine was too busy.",
        },
      ],
    });
  });

  it("is as void as its repetitions when all of them are", () => {
    const pool = poolHistories([repetition("a", { brokenOff: "why" })], 2);
    expect(pool.closing.brokenOff).toBe("why");
  });

  it("joins transactions and audits, and does without an audit where one was not read", () => {
    const transactions = [
      aTransaction({
        steps: [
          { name: "reserve", exchange: 2, outcome: "ok" },
          { name: "charge", exchange: -1, outcome: "not-started" },
        ],
      }),
    ];
    const entry = { key: "a", effects: {} };
    const audit = { type: "read", atMs: 9_900, entries: [entry] } as const;
    const load = [aTransactionStream({ name: "reused" })];
    const base = repetition("a");
    const one: History = { ...base, header: { ...base.header, load }, transactions, audit };
    const pool = poolHistories([one, one], 2);
    expect(pool.transactions[1]).toMatchObject({
      startedAtMs: 15_500,
      endedAtMs: 15_600,
      steps: [{ exchange: 5 }, { exchange: -1 }],
    });
    expect(pool.audit).toEqual({ type: "read", atMs: 20_900, entries: [entry, entry] });
    const unreadable = { type: "unreadable", atMs: 1, reason: "404" } as const;
    expect(poolHistories([one, { ...one, audit: unreadable }], 2).audit).toEqual({
      ...unreadable,
      atMs: 11_001,
    });
    const { audit: _, ...unread } = one;
    expect(poolHistories([one, unread], 2).audit).toBeUndefined();
  });
});
