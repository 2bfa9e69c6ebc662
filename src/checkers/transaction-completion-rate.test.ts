import { describe, expect, it } from "vitest";
import type { LedgerEntry, Transaction } from "#domain/transaction.ts";
import { aHistory, aTransaction, aTransactionStream } from "#test/support/builders.ts";
import { measureAlone } from "#test/support/measure-alone.ts";
import { transactionCompletionRate } from "./transaction-completion-rate.ts";

const whole = { reserve: 1, charge: 1 };
const FAILED = [
  { name: "reserve", exchange: 1, outcome: "failed" },
  { name: "charge", exchange: -1, outcome: "not-started" },
] as const;
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

  it("counts one whose answer was lost as not committed, and names how the ledger resolved it", () => {
    const unsure = aTransaction({
      key: "k2",
      acknowledged: false,
      steps: [
        { name: "reserve", exchange: 1, outcome: "ok" },
        { name: "charge", exchange: 2, outcome: "indeterminate" },
      ],
    });
    const ledger = ["k1", "k2"].map((key) => ({ key, effects: whole }));
    expect(measure([aTransaction(), unsure], ledger)).toMatchObject({
      value: 0.5,
      summary: "1 of 2 transactions committed, 1 resolved",
      evidence: { notes: ["k2 is resolved: reserve × 1, charge × 1"] },
    });
  });

  it("names some of every class, however many there are of one", () => {
    const lost = Array.from({ length: 60 }, (_, i) => aTransaction({ key: `lost-${i}` }));
    const { evidence } = measure(
      [...lost, aTransaction({ key: "half" })],
      [{ key: "half", effects: { reserve: 1 } }],
    );
    expect([evidence.total, evidence.notes.length]).toEqual([61, 50]);
    expect(evidence.notes).toContain("half is partial: reserve × 1");
  });

  it("is not diluted by the transactions that met no leaving pod", () => {
    const early = Array.from({ length: 98 }, (_, i) =>
      aTransaction({ key: `early-${i}`, startedAtMs: 100, endedAtMs: 200 }),
    );
    const ledger = [
      ...early.map(({ key }) => ({ key, effects: whole })),
      { key: "k1", effects: whole },
    ];
    const broken = aTransaction({ key: "k2", acknowledged: false, steps: FAILED });
    const measured = measure([...early, aTransaction(), broken], ledger);
    expect([measured.value, measured.sample]).toEqual([0.5, 2]);
  });

  it("is not measured when no transaction met the leaving pod", () => {
    const early = aTransaction({ startedAtMs: 100, endedAtMs: 200 });
    expect(measure([early], [{ key: "k1", effects: whole }]).value).toBeUndefined();
  });

  it("takes one that broke off elsewhere for background, but a wrong ledger never", () => {
    const elsewhere = { key: "k2", startedAtMs: 100, endedAtMs: 200 };
    const stray = aTransaction({ ...elsewhere, acknowledged: false, steps: FAILED });
    const ledger = [{ key: "k1", effects: whole }];
    expect(measure([aTransaction(), stray], ledger).value).toBe(1);
    expect(measure([aTransaction(), aTransaction(elsewhere)], ledger).value).toBe(0.5);
  });

  it("does not blame the workload for what our own stop cut short, and doubts what it met", () => {
    const steps = [
      { name: "reserve", exchange: 1, outcome: "ok" },
      { name: "charge", exchange: -1, outcome: "not-started" },
    ] as const;
    const cut = aTransaction({
      key: "k2",
      startedAtMs: 5_000,
      endedAtMs: 11_000,
      acknowledged: false,
      steps,
    });
    const ledger = [
      { key: "k1", effects: whole },
      { key: "k2", effects: { reserve: 1 } },
    ];
    const measured = measure([aTransaction(), cut], ledger);
    expect([measured.value, measured.sample, measured.doubts.length]).toEqual([1, 1, 1]);
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
