import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FaultServerProcess, startFaultServer } from "../fixtures/fault-server.ts";
import { httpStream, LoadTrial, TIMEOUTS, truthOf } from "./load-trial.ts";

let server: FaultServerProcess;
beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.stop());

const PATIENT = { ...TIMEOUTS, headersMs: 5_000 };

describe.each(["reused", "fresh"] as const)("the open model over %s connections", (type) => {
  it("offers each request at its moment, and counts those for which no connection is free", async () => {
    using trial = new LoadTrial();
    await server.configure({ delayMs: 300 });
    const stream = httpStream(type, {
      name: `${type}-few`,
      arrival: { type: "constant", perSecond: 200 },
      connections: 4,
      timeouts: PATIENT,
    });
    const { accounts, exchanges } = await trial.run(trial.plan(server.url, [stream]), 700);
    const [account] = accounts;
    expect(account?.undelivered).toBe(exchanges.length - (account?.ok ?? 0));
    // Four connections and 300 ms an answer: at most four answers at a time, three times over.
    expect(account?.ok).toBeLessThanOrEqual(12);
    expect(account?.undelivered).toBeGreaterThan(100);
    const undelivered = exchanges.filter(({ outcome }) => outcome.type === "undelivered");
    for (const { outcome, sentAtMs, scheduledAtMs } of undelivered) {
      expect(outcome).toEqual({ type: "undelivered", reason: "no-free-connection" });
      expect(sentAtMs).toBe(scheduledAtMs);
    }
    const due = exchanges.toSorted((a, b) => a.seq - b.seq).map((each) => each.scheduledAtMs);
    const firstMs = due[0] ?? Number.NaN;
    for (const [index, atMs] of due.entries()) expect(atMs - firstMs).toBeCloseTo(index * 5, 6);
    expect(truthOf(stream.name, await server.truth()).ok).toHaveLength(account?.ok ?? 0);
  });

  it("waits at the stop for requests that take longer than anything else", async () => {
    using trial = new LoadTrial();
    await server.configure({ delayMs: 800 });
    const stream = httpStream(type, {
      name: `${type}-long`,
      arrival: { type: "constant", perSecond: 50 },
      timeouts: PATIENT,
    });
    const { accounts, exchanges } = await trial.run(trial.plan(server.url, [stream]), 400);
    expect(accounts[0]).toMatchObject({ ok: exchanges.length, harnessFailures: [] });
    for (const { endedAtMs, scheduledAtMs } of exchanges)
      expect(endedAtMs - scheduledAtMs).toBeGreaterThanOrEqual(799);
  });

  it("settles what is still in flight at the drain's deadline, and says that it was we who stopped", async () => {
    using trial = new LoadTrial();
    await server.configure({ faults: ["none", "silence"], every: 1 });
    const stream = httpStream(type, {
      name: `${type}-stop`,
      arrival: { type: "constant", perSecond: 100 },
      timeouts: PATIENT,
    });
    const plan = trial.plan(server.url, [stream], 200);
    const { accounts, exchanges } = await trial.run(plan, 400);
    const [account] = accounts;
    expect(account?.harnessFailures).toEqual([]);
    expect(account?.indeterminate).toBeGreaterThan(10);
    expect(exchanges).toHaveLength(account?.scheduled ?? 0);
    for (const { outcome } of exchanges)
      if (outcome.type !== "ok")
        expect(outcome).toEqual({ type: "indeterminate", reason: "aborted-by-stop" });
  });
});

describe("the streams of a load", () => {
  it("run side by side, each with its own ledger, and tell their progress", async () => {
    using trial = new LoadTrial();
    await server.configure({});
    const rates = [100, 200] as const;
    const streams = rates.map((perSecond) =>
      httpStream(perSecond === 100 ? "reused" : "fresh", {
        name: `side-${perSecond}`,
        arrival: { type: "constant", perSecond },
      }),
    );
    const { startLoad } = await import("#load/start-load.ts");
    const load = await startLoad(trial.plan(server.url, streams));
    const told = new Map<string, number>();
    load.onProgress((progress) => {
      for (const { stream, requests } of progress)
        told.set(stream, (told.get(stream) ?? 0) + requests);
    });
    await sleep(600);
    const { accounts, audit } = await load.stop();
    expect(audit).toBeUndefined();
    expect(accounts.map(({ stream }) => stream)).toEqual(["side-100", "side-200"]);
    for (const { stream, scheduled, ok } of accounts) {
      expect(ok).toBe(scheduled);
      expect(told.get(stream)).toBe(scheduled);
      expect(truthOf(stream, await server.truth()).ok).toHaveLength(ok);
    }
  });

  it("follow a ramp", async () => {
    using trial = new LoadTrial();
    await server.configure({});
    const arrival = { type: "ramp", fromPerSecond: 0, perSecond: 400, rampMs: 500 } as const;
    const stream = httpStream("reused", { name: "ramp", arrival });
    const { exchanges } = await trial.run(trial.plan(server.url, [stream]), 1_500);
    const due = exchanges.map((each) => each.scheduledAtMs).toSorted((a, b) => a - b);
    // The 26th is due at 250 ms exactly, and a sum of fractions may fall on either side of that.
    const half = due.filter((atMs) => atMs - (due[0] ?? 0) < 249).length;
    expect(half).toBe(25);
  });
});
