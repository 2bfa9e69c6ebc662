import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TransactionStream } from "#domain/load-profile.ts";
import type { Transaction } from "#domain/transaction.ts";
import { readTransactions } from "#load/read-ledger.ts";
import { type FaultServerProcess, startFaultServer } from "../fixtures/fault-server.ts";
import { KEY_PREFIX, LoadTrial, transactionStream, truthOf } from "./load-trial.ts";

let server: FaultServerProcess;
beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.stop());

async function tryTransactions(stream: TransactionStream, drainMs?: number) {
  using trial = new LoadTrial();
  const result = await trial.run(trial.plan(server.url, [stream], drainMs), 400);
  const transactions = readTransactions(trial.directory);
  const truth = truthOf(stream.name, await server.truth());
  return { ...result, transactions, truth };
}

/** Every step that was sent, by the name that the server knows it by. */
function stepsOf(transactions: readonly Transaction[]) {
  return transactions.flatMap(({ key, steps }) =>
    steps
      .filter(({ outcome }) => outcome !== "not-started")
      .map((step) => ({ ...step, request: `${key}/orders/${step.name}` })),
  );
}

describe("the load of transactions", () => {
  it("sends the steps of each under one key over one connection, and reads the audit back", async () => {
    await server.configure({});
    const stream = transactionStream({ name: "healthy" });
    const { accounts, audit, exchanges, transactions, truth } = await tryTransactions(stream);
    expect(transactions.length).toBeGreaterThan(40);
    expect(transactions.every(({ acknowledged }) => acknowledged)).toBe(true);
    expect(accounts[0]).toMatchObject({ ok: 2 * transactions.length, harnessFailures: [] });
    expect(truth.ok).toHaveLength(2 * transactions.length);
    const entries = transactions.map(({ key }) => ({ key, effects: { reserve: 1, pay: 1 } }));
    if (audit?.type !== "read") expect.unreachable();
    expect(new Set(audit.entries)).toEqual(new Set(entries));
    const bySeq = new Map(exchanges.map((exchange) => [exchange.seq, exchange]));
    for (const { key, steps } of transactions) {
      expect(key).toMatch(new RegExp(`^${KEY_PREFIX}-healthy-\\d+$`));
      expect(steps.map(({ name }) => name)).toEqual(["reserve", "pay"]);
      const [reserve, pay] = steps.map(({ exchange }) => bySeq.get(exchange));
      expect(pay?.connectionId).toBe(reserve?.connectionId);
      expect([reserve?.connection, pay?.connection]).toEqual(["new", "reused"]);
      expect(pay?.scheduledAtMs).toBeGreaterThanOrEqual(reserve?.endedAtMs ?? Number.NaN);
    }
  });

  it.each([
    "no-answer-fin",
    "no-answer-rst",
    "mid-body-rst",
    "mid-chunk-fin",
    "body-cut-short",
    "unavailable",
    "unavailable-close",
    "silence",
    "half-body-left-open",
    "closed-at-accept",
    "closed-as-client-writes",
  ] as const)("sends no step after one that met %s, and none twice", async (fault) => {
    await server.configure({ faults: [fault], every: 7 });
    const stream = transactionStream({ name: `faulted-${fault}` });
    const { accounts, transactions, truth, exchanges } = await tryTransactions(stream);
    const steps = stepsOf(transactions);
    const requestsOf = (list: typeof steps) => list.map(({ request }) => request).toSorted();
    const met = [...truth.faulted.map(([request]) => request), ...truth.raced];
    expect(met.length).toBeGreaterThan(3);
    expect(requestsOf(steps.filter(({ outcome }) => outcome === "ok"))).toEqual(
      truth.ok.toSorted(),
    );
    expect(requestsOf(steps.filter(({ outcome }) => outcome !== "ok"))).toEqual(met.toSorted());
    expect(truth.duplicates).toEqual([]);
    expect(accounts[0]?.harnessFailures).toEqual([]);
    expect(exchanges).toHaveLength(steps.length + (accounts[0]?.undelivered ?? 0));
    for (const { acknowledged, steps: all } of transactions) {
      const outcomes = all.map(({ outcome }) => outcome);
      expect(acknowledged).toBe(outcomes.every((outcome) => outcome === "ok"));
      if (outcomes[0] !== "ok") expect(outcomes[1]).toBe("not-started");
    }
  });

  it("goes on over another connection when the server closes between two steps", async () => {
    await server.configure({ faults: ["announced-close"], every: 1 });
    const { transactions, exchanges } = await tryTransactions(
      transactionStream({ name: "closing" }),
    );
    expect(transactions.every(({ acknowledged }) => acknowledged)).toBe(true);
    const connections = new Set(exchanges.map(({ connectionId }) => connectionId));
    expect(connections.size).toBe(exchanges.length);
  });

  it("lets the user think before a step, which is due only then", async () => {
    await server.configure({});
    const stream = transactionStream({ name: "thinking" });
    const [reserve, pay] = stream.steps;
    if (reserve === undefined || pay === undefined) expect.unreachable();
    const steps = [reserve, { ...pay, thinkMs: 120 }];
    const { transactions, exchanges } = await tryTransactions({ ...stream, steps });
    expect(transactions.every(({ acknowledged }) => acknowledged)).toBe(true);
    const bySeq = new Map(exchanges.map((exchange) => [exchange.seq, exchange]));
    for (const { steps: done } of transactions) {
      const [first, second] = done.map(({ exchange }) => bySeq.get(exchange));
      const thoughtMs = (second?.scheduledAtMs ?? 0) - (first?.endedAtMs ?? 0);
      expect(thoughtMs).toBeGreaterThanOrEqual(120);
    }
  });

  it("lets those finish that have begun, and cuts at the deadline those that do not", async () => {
    await server.configure({ delayMs: 180 });
    const patient = { connectMs: 1_000, headersMs: 5_000, bodyMs: 1_000 };
    const finishing = await tryTransactions(
      transactionStream({ name: "finishing", timeouts: patient }),
    );
    expect(finishing.transactions.every(({ acknowledged }) => acknowledged)).toBe(true);
    const cut = await tryTransactions(transactionStream({ name: "cut", timeouts: patient }), 100);
    const { accounts, transactions, exchanges } = cut;
    const unfinished = transactions.filter(({ acknowledged }) => !acknowledged);
    expect(unfinished.length).toBeGreaterThan(0);
    expect(accounts[0]?.harnessFailures).toEqual([]);
    expect(accounts[0]?.indeterminate).toBe(unfinished.length);
    expect(exchanges).toHaveLength(accounts[0]?.scheduled ?? 0);
    for (const { steps } of unfinished)
      expect(steps.map(({ outcome }) => outcome)).toContain("indeterminate");
  });
});
