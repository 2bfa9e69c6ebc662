import { describe, expect, it } from "vitest";
import type { LedgerEntry, Transaction } from "#domain/transaction.ts";
import { aHistory, aTransaction, aTransactionStream } from "#test/support/builders.ts";
import { measureAlone } from "#test/support/measure-alone.ts";
import { transactionCompletionRate } from "./transaction-completion-rate.ts";

const whole = { reserve: 1, charge: 1 };
const measure = (transactions: readonly Transaction[], entries: readonly LedgerEntry[]) =>
  measureAlone(
    transactionCompletionRate,
    aHistory({
      load: [aTransactionStream()],
      transactions,
      audit: { type: "read", atMs: 10_000, entries },
    }),
  );

describe("transactionCompletionRate", () => {
  it("is whole when every effect of every transaction is there once", () => {
    expect(measure([aTransaction()], [{ key: "k1", effects: whole }]).value).toBe(1);
  });

  it.each([
    ["lost", {}],
    ["partial", { reserve: 1, charge: 0 }],
    ["duplicated", { reserve: 1, charge: 2 }],
  ] as const)("calls an acknowledged transaction %s when the ledger says so", (name, effects) => {
    const measured = measure([aTransaction()], [{ key: "k1", effects }]);
    expect(measured.value).toBe(0);
    expect(measured.summary).toContain(`1 ${name}`);
  });

  it("calls a ledger entry that nobody asked for a phantom", () => {
    const measured = measure(
      [aTransaction()],
      [
        { key: "k1", effects: whole },
        { key: "k2", effects: whole },
      ],
    );
    expect(measured.value).toBe(0.5);
    expect(measured.evidence.notes).toEqual(["k2 is phantom: reserve × 1, charge × 1"]);
  });

  it("tells one that was cut short in order from one that left half a trace", () => {
    const cut = aTransaction({
      acknowledged: false,
      steps: [
        { name: "reserve", exchange: 1, outcome: "failed" },
        { name: "charge", exchange: 0, outcome: "not-started" },
      ],
    });
    expect(measure([cut], []).summary).toContain("1 incomplete");
    expect(measure([cut], [{ key: "k1", effects: { charge: 1 } }]).summary).toContain("1 partial");
  });

  it("doubts itself when no transaction met the leaving pod", () => {
    const early = aTransaction({ startedAtMs: 100, endedAtMs: 200 });
    expect(measure([early], [{ key: "k1", effects: whole }]).doubts).toHaveLength(1);
  });

  it("is not measured when the ledger could not be read", () => {
    const history = aHistory({
      load: [aTransactionStream()],
      transactions: [aTransaction()],
      audit: { type: "unreadable", atMs: 10_000, reason: "connect ECONNREFUSED" },
    });
    const measured = measureAlone(transactionCompletionRate, history);
    expect(measured.value).toBeUndefined();
    expect(measured.summary).toContain("ECONNREFUSED");
  });
});
