import { describe, expect, it } from "vitest";
import type { History } from "#domain/history.ts";
import type { Observation } from "#domain/observation.ts";
import type { Threshold } from "#domain/threshold.ts";
import type { LedgerEntry } from "#domain/transaction.ts";
import { anExchange, aTransaction, aTransactionStream, RESET } from "#test/support/builders.ts";
import { always, lookedAt, starvedAt } from "#test/support/starved.ts";
import { judge } from "./judge.ts";

const DROPPED: Threshold = {
  ...{ metric: "dropped-requests", operator: "=", limit: 0, text: "0" },
};
const LOST = [
  anExchange({ seq: 1, sentAtMs: 5_000, endedAtMs: 5_010 }),
  anExchange({ seq: 2, sentAtMs: 5_020, endedAtMs: 5_030, outcome: RESET }),
];

function recorded(
  looks: readonly Observation[],
  { sharesMachine = true, exchanges = LOST } = {},
): History {
  const history = lookedAt(looks, { exchanges });
  if (sharesMachine) return history;
  const { sharesMachine: _, ...environment } = history.header.environment;
  return { ...history, header: { ...history.header, environment } };
}

function judged(
  looks: readonly Observation[],
  { threshold = DROPPED, ...how }: { threshold?: Threshold } & Parameters<typeof recorded>[1] = {},
) {
  return judge(recorded(looks, how), [threshold]);
}

describe("a failure on a machine that others had", () => {
  it("proves nothing, and says what to do", () => {
    const { verdict, voids = [] } = judged(always(0.8, 0.8));
    expect(verdict).toBe("inconclusive");
    expect(voids[0]).toContain("other programs had 80 % of its processors");
    expect(voids[0]).toContain("--repeat");
  });

  it("is the workload's own where the pods themselves had the machine, or nobody had to wait", () => {
    expect(judged(always(0.1, 0.9)).verdict).toBe("fail");
    expect(judged(always(0.9, 0.1)).verdict).toBe("fail");
    expect(judged([]).verdict).toBe("fail");
  });

  it("is excused by no short moment, nor by one in which no pod was leaving", () => {
    expect(judged(starvedAt(2_000)).verdict).toBe("fail");
    expect(judged(starvedAt(6_000)).verdict).toBe("inconclusive");
  });

  it("is the workload's own when some of it came while the machine was well", () => {
    const later = anExchange({ seq: 3, sentAtMs: 6_500, endedAtMs: 6_510, outcome: RESET });
    expect(judged(starvedAt(6_000), { exchanges: [...LOST, later] }).verdict).toBe("fail");
  });

  it("is the workload's own on a cluster that is elsewhere", () => {
    expect(judged(always(0.9, 0.9), { sharesMachine: false }).verdict).toBe("fail");
  });

  it("leaves what was kept as it is", () => {
    const { voids } = judged(always(0.9, 0.9), { exchanges: LOST.slice(0, 1) });
    expect(voids).toEqual([]);
  });
});

describe("a failure that no machine explains", () => {
  const promised = (metric: Threshold["metric"], history: History) =>
    judge(history, [{ metric, operator: "=", limit: metric.startsWith("tr") ? 1 : 0, text: "" }]);
  const HERE = { type: "path", names: ["money"] } as const;
  const WHOLE = { key: "k1", effects: { reserve: 1, charge: 1 } };
  /** One order of which the client was told that it is done, and what the ledger holds of it. */
  const ordered = (entries: readonly LedgerEntry[]): History => {
    const history = recorded(always(0.9, 0.9));
    return {
      ...history,
      header: { ...history.header, load: [aTransactionStream({ name: "reused" })] },
      transactions: [aTransaction()],
      audit: { type: "read", atMs: 9_900, entries },
    };
  };

  it.each([
    ["lost", []],
    ["partial", [{ key: "k1", effects: { reserve: 1 } }]],
    ["duplicated", [{ key: "k1", effects: { reserve: 2, charge: 2 } }]],
    ["phantom", [WHOLE, { ...WHOLE, key: "k2" }]],
  ] as const)("is an order that was %s, whichever promise it broke", (_, entries) => {
    expect(promised("transaction-completion-rate", ordered(entries)).verdict).toBe("fail");
    expect(promised("dropped-requests", ordered(entries)).verdict).toBe("fail");
  });

  it("is data that breaks a rule of its own, though nobody asked for it", () => {
    const history = ordered([WHOLE]);
    const check = { type: "sum", name: "money", place: HERE, equals: 100 } as const;
    const load = history.header.load.map((stream) => ({ ...stream, checks: [check] }));
    const findings = [{ check: "money", atMs: 9_900, found: 90 }];
    const audit = { type: "read", atMs: 9_900, entries: [WHOLE], findings } as const;
    const broken = { ...history, header: { ...history.header, load }, audit } as History;
    expect(promised("dropped-requests", broken).verdict).toBe("fail");
    expect(promised("dropped-requests", history).verdict).toBe("inconclusive");
  });
});
