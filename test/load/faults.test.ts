import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange, FailureClass } from "#domain/exchange.ts";
import type { StreamAccount } from "#domain/history.ts";
import type { HttpStream } from "#domain/load-profile.ts";
import type { FaultTruthReport } from "#load/faults/fault-truth.ts";
import type { Fault } from "#load/faults/faults.ts";
import { readLedger } from "#load/read-ledger.ts";
import { startLoad } from "#load/start-load.ts";
import { type FaultServerProcess, startFaultServer } from "../fixtures/fault-server.ts";
import { httpStream, LoadTrial, requestName, truthOf } from "./load-trial.ts";

const EVERY = 10;
const TRIAL_MS = 300;
const PER_SECOND = 700;
const CONNECTIONS = 64;
/** Less than half of the faults there should be: the machine may be busy, but not idle. */
const MANY = 8;

/** The class that each fault must get; where kept connections have one of their own, it comes first. */
const CLASSES: Readonly<Partial<Record<Fault, readonly [FailureClass, FailureClass?]>>> = {
  "no-answer-fin": ["closed-after-idle", "closed-before-response"],
  "no-answer-rst": ["closed-after-idle", "reset-before-response"],
  "mid-head-fin": ["closed-in-headers"],
  "mid-body-fin": ["truncated-body"],
  "mid-body-rst": ["reset-in-body"],
  "mid-chunk-fin": ["truncated-body"],
  "mid-chunk-rst": ["reset-in-body"],
  "body-cut-short": ["truncated-body"],
  "length-too-long": ["truncated-body"],
  "half-body-left-open": ["body-timeout"],
  unavailable: ["server-error"],
  silence: ["headers-timeout"],
  "not-http": ["protocol"],
};

let server: FaultServerProcess;
let trials = 0;
beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.stop());

interface TrialResult {
  readonly account: StreamAccount;
  readonly exchanges: readonly Exchange[];
  readonly truth: FaultTruthReport;
}

async function tryStream(stream: HttpStream, during: () => Promise<unknown>): Promise<TrialResult> {
  using trial = new LoadTrial();
  const load = await startLoad(trial.plan(server.url, [stream]));
  await during();
  const [account] = (await load.stop()).accounts;
  assert(account !== undefined);
  const truth = truthOf(stream.name, await server.truth());
  return { account, truth, exchanges: readLedger(trial.directory, stream.name) };
}

async function tryFault(type: HttpStream["type"], fault: Fault, every = EVERY) {
  await server.configure({ faults: [fault], every });
  const arrival = { type: "constant", perSecond: PER_SECOND } as const;
  const stream = httpStream(type, {
    arrival,
    connections: CONNECTIONS,
    name: `${type}-${fault}-${++trials}`,
  });
  const result = await tryStream(stream, () => sleep(TRIAL_MS));
  expectExactBooks(result);
  return result;
}

/** The client's books agree with themselves and, request by request, with what the server did. */
function expectExactBooks({ account, exchanges, truth }: TrialResult): void {
  const seqs = exchanges.map(({ seq }) => seq).toSorted((a, b) => a - b);
  expect(seqs).toEqual(Array.from({ length: account.scheduled }, (_, seq) => seq));
  expect(account.harnessFailures).toEqual([]);
  expect(truth.duplicates).toEqual([]);
  const namesOf = (list: readonly Exchange[]) => list.map((each) => requestName(each)).toSorted();
  const ok = exchanges.filter(({ outcome }) => outcome.type === "ok");
  expect(namesOf(ok)).toEqual(truth.ok.toSorted());
  expect(account.ok).toBe(ok.length);
}

/** Not those that a busy machine could not send: they say nothing about the server. */
function notOk(exchanges: readonly Exchange[]): readonly Exchange[] {
  return exchanges.filter(({ outcome }) => ["failed", "indeterminate"].includes(outcome.type));
}

function expectedClass(fault: Fault, { connection }: Exchange): FailureClass | undefined {
  const [common, onFirstUse] = CLASSES[fault] ?? [];
  return connection === "new" ? (onFirstUse ?? common) : common;
}

describe.each(["reused", "fresh"] as const)("the load over %s connections", (type) => {
  it.each(Object.keys(CLASSES) as Fault[])("counts and names every %s", async (fault) => {
    const { exchanges, truth } = await tryFault(type, fault);
    const failures = notOk(exchanges);
    expect(failures.map((each) => requestName(each)).toSorted()).toEqual(
      truth.faulted.map(([request]) => request).toSorted(),
    );
    expect(failures.length).toBeGreaterThan(MANY);
    for (const exchange of failures)
      expect(exchange.outcome).toMatchObject({ reason: expectedClass(fault, exchange) });
  });

  it.each(["answered-then-fin", "answered-then-rst"] as const)(
    "takes %s for no failure, because the answer was complete",
    async (fault) => {
      const { exchanges, truth } = await tryFault(type, fault);
      // A request that met the closing on its way is a true keep-alive race, and the server saw it.
      const raced = notOk(exchanges).map((each) => requestName(each));
      expect(raced.toSorted()).toEqual(truth.raced.toSorted());
    },
  );

  it("never fails when every answer announces the close of its connection", async () => {
    const { exchanges } = await tryFault(type, "announced-close", 1);
    expect(notOk(exchanges)).toEqual([]);
    const sent = exchanges.filter(({ outcome }) => outcome.type === "ok");
    expect(new Set(sent.map(({ connectionId }) => connectionId)).size).toBe(sent.length);
  });

  it("takes a 503 that closes for one error, and goes on", async () => {
    const { exchanges, truth } = await tryFault(type, "unavailable-close");
    const failures = notOk(exchanges);
    expect(failures).toHaveLength(truth.faulted.length);
    // On a connection that we asked to close ourselves, the announcement says nothing.
    const reason = type === "reused" ? "server-error-and-close" : "server-error";
    for (const { outcome } of failures)
      expect(outcome).toEqual({ type: "failed", reason, status: 503 });
  });

  it("counts a connection that closes as the client writes", async () => {
    const fault = type === "reused" ? "closed-as-client-writes" : "closed-at-accept";
    const { exchanges, truth } = await tryFault(type, fault);
    const failures = notOk(exchanges);
    const met = [...truth.faulted.map(([request]) => request), ...truth.raced];
    expect(failures.map((each) => requestName(each)).toSorted()).toEqual(met.toSorted());
    expect(failures.length).toBeGreaterThan(MANY);
    const reason = type === "reused" ? "closed-after-idle" : "closed-before-response";
    for (const { outcome } of failures) expect(outcome).toEqual({ type: "indeterminate", reason });
  });

  it("counts each request that is refused for half a second, and none after it", async () => {
    await server.configure({});
    const stream = httpStream(type, {
      name: `${type}-refused`,
      arrival: { type: "constant", perSecond: 400 },
    });
    const result = await tryStream(stream, async () => {
      await sleep(200);
      await server.refuse(500);
      await sleep(200);
    });
    expectExactBooks(result);
    const failures = notOk(result.exchanges);
    const refused = failures.filter(({ outcome }) => outcome.type === "failed");
    expect(refused.length).toBeGreaterThan(150);
    for (const { outcome } of refused) expect(outcome).toMatchObject({ reason: "connect-refused" });
    // The rest are those whose connection was cut under them.
    expect(failures.length - refused.length).toBeLessThan(10);
    const last = result.exchanges.toSorted((a, b) => a.seq - b.seq).slice(-40);
    expect(notOk(last)).toEqual([]);
  });
});

describe("the load over reused connections", () => {
  it("keeps its connections while they are healthy, and uses all of them in turn", async () => {
    const before = (await server.truth()).connections;
    const { exchanges, truth } = await tryFault("reused", "none");
    expect(truth.connections - before).toBe(CONNECTIONS);
    const sent = exchanges.filter(({ outcome }) => outcome.type === "ok");
    const inOrder = sent.toSorted((a, b) => a.seq - b.seq);
    // While all answer at once, each is used again only after all others.
    const first = inOrder.slice(0, CONNECTIONS).map(({ connectionId }) => connectionId);
    expect(new Set(first).size).toBe(CONNECTIONS);
    expect(inOrder.slice(0, CONNECTIONS).every(({ connection }) => connection === "new")).toBe(
      true,
    );
    expect(inOrder.slice(CONNECTIONS).every(({ connection }) => connection === "reused")).toBe(
      true,
    );
  });
});

describe("the load over fresh connections", () => {
  it("opens a connection per request, knows its port, and lets the server close it", async () => {
    const { exchanges } = await tryFault("fresh", "none");
    const sent = exchanges.filter(({ outcome }) => outcome.type === "ok");
    expect(new Set(sent.map(({ localPort }) => localPort)).size).toBe(sent.length);
    for (const { connection, connectedAtMs, sentAtMs, endedAtMs } of sent) {
      expect(connection).toBe("new");
      expect(connectedAtMs).toBeGreaterThanOrEqual(sentAtMs);
      expect(endedAtMs).toBeGreaterThanOrEqual(connectedAtMs ?? Number.POSITIVE_INFINITY);
    }
  });
});

describe("the pod that answered", () => {
  it("is known even when only the head of the answer came", async () => {
    const { exchanges } = await tryFault("reused", "mid-body-fin");
    const cut = notOk(exchanges);
    expect(cut.length).toBeGreaterThan(MANY);
    for (const { servedBy } of cut) expect(servedBy).toBe("pod-a");
  });
});
