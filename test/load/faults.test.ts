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

const EVERY = 5;
const TRIAL_MS = 500;
const CONNECTIONS = 16;
const ARRIVAL = { type: "constant", perSecond: 100 } as const;
/** Less than half of the faults there should be: the machine may be busy, but not idle. */
const MANY = 4;
/** A close that arrives later than this after the sending did not come from idling. */
const RACE_MS = 100;

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

const FAULTED = Object.keys(CLASSES) as readonly Fault[];
const ANSWERED = ["answered-then-fin", "answered-then-rst"] as const;
const AT_ONCE = [...FAULTED, ...ANSWERED, "unavailable-close"] as const;

let server: FaultServerProcess;
beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.stop());

interface TrialResult {
  readonly stream: HttpStream;
  readonly account: StreamAccount;
  readonly exchanges: readonly Exchange[];
  readonly truth: FaultTruthReport;
}

/** Runs all streams side by side; the results stand in the order of the streams. */
async function tryStreams(
  streams: readonly HttpStream[],
  during: () => Promise<unknown> = () => sleep(TRIAL_MS),
): Promise<readonly TrialResult[]> {
  using trial = new LoadTrial();
  const load = await startLoad(trial.plan(server.url, streams));
  await during();
  const { accounts } = await load.stop();
  const truth = await server.truth();
  return streams.map((stream, index) => {
    const account = accounts[index];
    assert(account !== undefined);
    const exchanges = readLedger(trial.directory, stream.name);
    return { stream, account, exchanges, truth: truthOf(stream.name, truth) };
  });
}

async function tryStream(
  stream: HttpStream,
  during?: () => Promise<unknown>,
): Promise<TrialResult> {
  const [result] = await tryStreams([stream], during);
  assert(result !== undefined);
  expectExactBooks(result);
  return result;
}

function faultedStream(type: HttpStream["type"], fault: Fault, every = EVERY): HttpStream {
  return httpStream(type, {
    name: `${type}-${fault}`,
    arrival: ARRIVAL,
    connections: CONNECTIONS,
    request: { method: "GET", path: `/fault/${fault}/${every}`, headers: {} },
  });
}

function namesOf(exchanges: readonly Exchange[], { request }: HttpStream): readonly string[] {
  return exchanges.map((exchange) => requestName(exchange, request.path)).toSorted();
}

/** The client's books agree with themselves and, request by request, with what the server did. */
function expectExactBooks({ stream, account, exchanges, truth }: TrialResult): void {
  const seqs = exchanges.map(({ seq }) => seq).toSorted((a, b) => a - b);
  expect(seqs).toEqual(Array.from({ length: account.scheduled }, (_, seq) => seq));
  expect(account.harnessFailures).toEqual([]);
  expect(truth.duplicates).toEqual([]);
  const ok = exchanges.filter(({ outcome }) => outcome.type === "ok");
  expect(namesOf(ok, stream)).toEqual(truth.ok.toSorted());
  expect(account.ok).toBe(ok.length);
}

/** Not those that a busy machine could not send: they say nothing about the server. */
function notOk(exchanges: readonly Exchange[]): readonly Exchange[] {
  return exchanges.filter(({ outcome }) => ["failed", "indeterminate"].includes(outcome.type));
}

function expectedClass(fault: Fault, exchange: Exchange): FailureClass | undefined {
  const [common, otherwise] = CLASSES[fault] ?? [];
  const afterIdle =
    exchange.connection === "reused" && exchange.endedAtMs - exchange.sentAtMs <= RACE_MS;
  return afterIdle ? common : (otherwise ?? common);
}

describe.each(["reused", "fresh"] as const)("the load over %s connections", (type) => {
  const results = new Map<Fault, TrialResult>();
  beforeAll(async () => {
    const tried = await tryStreams(AT_ONCE.map((fault) => faultedStream(type, fault)));
    for (const [index, fault] of AT_ONCE.entries()) {
      const result = tried[index];
      assert(result !== undefined);
      results.set(fault, result);
    }
  });

  function resultOf(fault: Fault): TrialResult {
    const result = results.get(fault);
    assert(result !== undefined);
    expectExactBooks(result);
    return result;
  }

  it.each(FAULTED)("counts and names every %s", (fault) => {
    const { stream, exchanges, truth } = resultOf(fault);
    const failures = notOk(exchanges);
    const faulted = truth.faulted.map(([request]) => request);
    expect(namesOf(failures, stream)).toEqual(faulted.toSorted());
    expect(failures.length).toBeGreaterThan(MANY);
    for (const exchange of failures)
      expect(exchange.outcome).toMatchObject({ reason: expectedClass(fault, exchange) });
  });

  it.each(ANSWERED)("takes %s for no failure, because the answer was complete", (fault) => {
    const { stream, exchanges, truth } = resultOf(fault);
    // A request that met the closing on its way is a true keep-alive race, and the server saw it.
    expect(namesOf(notOk(exchanges), stream)).toEqual(truth.raced.toSorted());
    expect(truth.ok.length).toBeGreaterThan(MANY);
  });

  it("takes a 503 that closes for one error, and goes on", () => {
    const { exchanges, truth } = resultOf("unavailable-close");
    const failures = notOk(exchanges);
    expect(failures).toHaveLength(truth.faulted.length);
    expect(failures.length).toBeGreaterThan(MANY);
    // On a connection that we asked to close ourselves, the announcement says nothing.
    const reason = type === "reused" ? "server-error-and-close" : "server-error";
    for (const { outcome } of failures)
      expect(outcome).toEqual({ type: "failed", reason, status: 503 });
  });

  it("knows the pod even when only the head of the answer came", () => {
    const cut = notOk(resultOf("mid-body-fin").exchanges);
    for (const { servedBy } of cut) expect(servedBy).toBe("pod-a");
    const unanswered = notOk(resultOf("no-answer-fin").exchanges);
    for (const { servedBy } of unanswered) expect(servedBy).toBeUndefined();
  });

  it.each(["announced-close", "answered-twice"] as const)(
    "never fails when every answer is %s, and never uses its connection again",
    async (fault) => {
      const { exchanges } = await tryStream(faultedStream(type, fault, 1));
      expect(notOk(exchanges)).toEqual([]);
      const sent = exchanges.filter(({ outcome }) => outcome.type === "ok");
      expect(sent.length).toBeGreaterThan(MANY);
      expect(new Set(sent.map(({ connectionId }) => connectionId)).size).toBe(sent.length);
    },
  );

  it("counts each request that is refused for half a second, and none after it", async () => {
    const stream = httpStream(type, {
      name: `${type}-refused`,
      arrival: { type: "constant", perSecond: 300 },
    });
    const refusal = async () => {
      await sleep(200);
      await server.refuse(500);
      await sleep(300);
    };
    const { exchanges } = await tryStream(stream, refusal);
    const failures = notOk(exchanges);
    const refused = failures.filter(
      ({ outcome }) => outcome.type === "failed" && outcome.reason === "connect-refused",
    );
    expect(refused.length).toBeGreaterThan(100);
    expect(refused.filter(({ localPort }) => localPort === undefined)).toEqual([]);
    // The rest are those whose connection was cut under them, or in the queue of the closing listener.
    expect(failures.length - refused.length).toBeLessThan(30);
    const last = exchanges.toSorted((a, b) => a.seq - b.seq).slice(-20);
    expect(notOk(last)).toEqual([]);
  });
});

describe("the load over reused connections", () => {
  it("counts a connection that closes as the client writes", async () => {
    const stream = faultedStream("reused", "closed-as-client-writes");
    const { exchanges, truth } = await tryStream({ ...stream, name: "closing" });
    const failures = notOk(exchanges);
    expect(namesOf(failures, stream)).toEqual(truth.faulted.map(([request]) => request).toSorted());
    expect(failures.length).toBeGreaterThan(MANY);
    for (const { outcome, endedAtMs, sentAtMs } of failures)
      if (endedAtMs - sentAtMs <= RACE_MS)
        expect(outcome).toEqual({ type: "indeterminate", reason: "closed-after-idle" });
  });

  it("keeps its connections while they are healthy, and uses all of them in turn", async () => {
    const before = (await server.truth()).connections;
    const stream = httpStream("reused", {
      name: "healthy",
      arrival: ARRIVAL,
      connections: CONNECTIONS,
    });
    const { exchanges, truth } = await tryStream(stream);
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
  it("counts a connection that closes as the client writes", async () => {
    await server.configure({ faults: ["closed-at-accept"], every: EVERY });
    const stream = httpStream("fresh", { name: "closing-at-accept", arrival: ARRIVAL });
    const { exchanges, truth } = await tryStream(stream);
    await server.configure({});
    const failures = notOk(exchanges);
    expect(namesOf(failures, stream)).toEqual(truth.raced.toSorted());
    expect(failures.length).toBeGreaterThan(MANY);
    for (const { outcome } of failures)
      expect(outcome).toEqual({ type: "indeterminate", reason: "closed-before-response" });
  });

  it("opens a connection per request, knows its port, and lets the server close it", async () => {
    const stream = httpStream("fresh", { name: "one-each", arrival: ARRIVAL });
    const { exchanges } = await tryStream(stream);
    const sent = exchanges.filter(({ outcome }) => outcome.type === "ok");
    expect(new Set(sent.map(({ localPort }) => localPort)).size).toBe(sent.length);
    for (const { connection, connectedAtMs, sentAtMs, endedAtMs } of sent) {
      expect(connection).toBe("new");
      expect(connectedAtMs).toBeGreaterThanOrEqual(sentAtMs);
      expect(endedAtMs).toBeGreaterThanOrEqual(connectedAtMs ?? Number.POSITIVE_INFINITY);
    }
  });
});
