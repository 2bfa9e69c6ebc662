import { describe, expect, it } from "vitest";
import type { History } from "#domain/history.ts";
import { poolHistories } from "#domain/pool-histories.ts";
import { aHistory, aTransaction, aTransactionStream } from "#test/support/builders.ts";
import { measureAlone } from "#test/support/measure-alone.ts";
import { auditViolations } from "./audit-violations.ts";
import { transactionCompletionRate } from "./transaction-completion-rate.ts";

const checks = [
  { type: "sum", name: "money", place: { type: "path", names: ["balances"] }, equals: 1_000 },
  { type: "counter", name: "sold", place: { type: "path", names: ["sold"] }, from: 0 },
] as const;
const entries = [{ key: "k1", effects: { reserve: 1, charge: 1 } }];

/** One acknowledged transaction, audited at 9,900 ms. */
function audited(money: number, sold: number): History {
  const findings = [
    { check: "money", atMs: 9_900, found: money },
    { check: "sold", atMs: 9_900, found: sold },
  ];
  return aHistory({
    load: [aTransactionStream({ checks })],
    transactions: [aTransaction()],
    audit: { type: "read", atMs: 9_900, entries, findings },
  });
}

const measure = (history: History) => measureAlone(auditViolations, history);

describe("auditViolations", () => {
  it("counts the breaches of all checks, and names them", () => {
    expect(measure(audited(1_000, 1))).toMatchObject({ value: 0, sample: 2 });
    expect(measure(audited(990, 0))).toMatchObject({
      value: 2,
      counts: [{ failures: 2, tried: 2 }],
      evidence: {
        notes: ["money: the total is 990, and must be 1000.", "sold: it is 0, and must be 1."],
      },
    });
  });

  it("says how many of those whose answer was lost are there after all", () => {
    const place = { type: "path", names: ["orders"] } as const;
    const unsure = aTransaction({
      key: "k2",
      acknowledged: false,
      steps: [{ name: "reserve", exchange: 1, outcome: "indeterminate" }],
    });
    const history = aHistory({
      load: [aTransactionStream({ checks: [{ type: "set", name: "orders", place }] })],
      transactions: [aTransaction(), unsure],
      audit: {
        type: "read",
        atMs: 9_900,
        entries,
        findings: [{ check: "orders", atMs: 9_900, found: ["k1", "k2"] }],
      },
    });
    expect(measure(history)).toMatchObject({
      value: 0,
      summary: "0 violations of 0 of 1 checks; 1 whose answer was lost turned out to be there",
    });
  });

  it("is not measured without checks, or when the audit was not read", () => {
    expect(measure(aHistory({ load: [aTransactionStream()] })).value).toBeUndefined();
    const unreadable = { type: "unreadable", atMs: 0, reason: "404" } as const;
    expect(measure({ ...audited(1, 1), audit: unreadable }).value).toBeUndefined();
  });

  it("holds each repetition against its own transactions, and takes the worst", () => {
    const pool = poolHistories([audited(1_000, 1), audited(990, 2)], 2);
    expect(measure(pool)).toMatchObject({
      value: 2,
      summary: "2 violations of 2 of 4 checks, at most 2 in one of 2 runs",
    });
  });

  it("makes the completion rate doubtful, since its ledger is", () => {
    const doubts = (history: History) => measureAlone(transactionCompletionRate, history).doubts;
    expect(doubts(audited(1_000, 1))).toEqual([]);
    expect(doubts(audited(990, 1))).toEqual([
      "The workload's data breaks a check of its own: money: the total is 990, and must be 1000.",
    ]);
  });
});
