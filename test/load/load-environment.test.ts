import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLedger } from "#load/read-ledger.ts";
import type { LoadPlan, LoadResult } from "#ports/load-driver.ts";
import { aWebsocketStream } from "#test/support/builders.ts";
import { type FaultServerProcess, startFaultServer } from "../fixtures/fault-server.ts";
import { FaultyWebsocketServer } from "../fixtures/websocket-server.ts";
import { httpStream, LoadTrial, requestName, truthOf } from "./load-trial.ts";

const CERT = fileURLToPath(new URL("../fixtures/fault-server.cert.pem", import.meta.url));
const KEY = fileURLToPath(new URL("../fixtures/fault-server.key.pem", import.meta.url));
const LOAD = fileURLToPath(new URL("./load-process.ts", import.meta.url));

/** Runs the load as a program of its own, after a line of shell that sets its surroundings. */
async function runInProcess(plan: LoadPlan, ms: number, shell = ""): Promise<LoadResult> {
  const script = `${shell} exec "$0" --conditions=source "$@"`;
  const args = ["-c", script, process.execPath, LOAD, JSON.stringify(plan), String(ms)];
  const { stdout } = await promisify(execFile)("sh", args);
  return JSON.parse(stdout) as LoadResult;
}

describe("the load over TLS", () => {
  let server: FaultServerProcess;
  beforeAll(async () => {
    const tls = { key: readFileSync(KEY, "utf8"), cert: readFileSync(CERT, "utf8") };
    server = await startFaultServer({ pod: "pod-a", tls });
  });
  afterAll(() => server.stop());

  it.each([
    ["reused", "none"],
    ["reused", "mid-body-rst"],
    ["reused", "no-answer-fin"],
    ["fresh", "none"],
    ["fresh", "mid-chunk-fin"],
  ] as const)("is exact over %s connections against %s", async (type, fault) => {
    using trial = new LoadTrial();
    await server.configure({ faults: [fault], every: 10 });
    const arrival = { type: "constant", perSecond: 200 } as const;
    const stream = httpStream(type, { name: `${type}-${fault}`, arrival, connections: 16 });
    const plan = trial.plan(server.url, [stream]);
    const { accounts } = await runInProcess(plan, 500, `NODE_EXTRA_CA_CERTS="${CERT}"`);
    const exchanges = readLedger(trial.directory, stream.name);
    const ok = exchanges.filter(({ outcome }) => outcome.type === "ok");
    const truth = truthOf(stream.name, await server.truth());
    expect(accounts[0]?.harnessFailures).toEqual([]);
    expect(ok.length).toBeGreaterThan(50);
    expect(ok.map((each) => requestName(each)).toSorted()).toEqual(truth.ok.toSorted());
    if (type === "reused") expect(ok.some(({ connection }) => connection === "reused")).toBe(true);
  });

  it("is exact over connections that are held open", async () => {
    using trial = new LoadTrial();
    const tls = { key: readFileSync(KEY, "utf8"), cert: readFileSync(CERT, "utf8") };
    await using echo = await FaultyWebsocketServer.start(tls);
    const stream = { ...aWebsocketStream(), name: "echo", path: "/close-1001" };
    const plan = trial.plan(echo.url, [stream]);
    const { accounts } = await runInProcess(plan, 500, `NODE_EXTRA_CA_CERTS="${CERT}"`);
    expect(accounts[0]).toMatchObject({
      ok: echo.answered.length,
      failed: 0,
      indeterminate: echo.crossed.length,
      harnessFailures: [],
    });
    expect(echo.answered.length).toBeGreaterThan(25);
  });

  it("does not send to a server that it has no reason to trust", async () => {
    using trial = new LoadTrial();
    const stream = httpStream("fresh", {
      name: "untrusted",
      arrival: { type: "constant", perSecond: 50 },
    });
    const { accounts } = await runInProcess(trial.plan(server.url, [stream]), 100);
    expect(accounts[0]).toMatchObject({ ok: 0, indeterminate: 0 });
    const [first] = readLedger(trial.directory, stream.name);
    expect(first?.outcome).toEqual({ type: "failed", reason: "protocol" });
  });
});

describe("the load on a machine that refuses it", () => {
  it.each(["reused", "fresh"] as const)(
    "blames a lack of file descriptors on itself, over %s connections",
    async (type) => {
      using trial = new LoadTrial();
      const server = await startFaultServer();
      try {
        await server.configure({ delayMs: 150 });
        const stream = httpStream(type, { connections: 200 });
        const plan = trial.plan(server.url, [stream]);
        const { accounts } = await runInProcess(plan, 500, "ulimit -n 100;");
        const [account] = accounts;
        expect(account).toMatchObject({ failed: 0, indeterminate: 0 });
        expect(account?.harnessFailures.join()).toMatch(/^EMFILE when connecting to .* times\)\.$/);
        const exchanges = readLedger(trial.directory, stream.name);
        const refused = exchanges.filter(({ outcome }) => outcome.type === "undelivered");
        expect(refused.map(({ outcome }) => outcome)).toContainEqual({
          type: "undelivered",
          reason: "generator-failure",
        });
      } finally {
        await server.stop();
      }
    },
  );
});

describe("the load against a host that is overwhelmed", () => {
  it("gives up connecting, and apart from that waiting for an answer, when the stream says so", async () => {
    using trial = new LoadTrial();
    // It listens, but never accepts: the kernel greets a few for it and then drops every SYN.
    const listen = `const server = require("net").createServer().listen(
      { port: 0, host: "127.0.0.1", backlog: 1 },
      () => process.send(server.address().port, () =>
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)));`;
    const host = spawn(process.execPath, ["-e", listen], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    try {
      const [port] = (await once(host, "message")) as [number];
      const stream = httpStream("fresh", {
        arrival: { type: "constant", perSecond: 50 },
        timeouts: { connectMs: 300, headersMs: 500, bodyMs: 500 },
      });
      const plan = trial.plan(`http://127.0.0.1:${port}`, [stream]);
      const { exchanges } = await trial.run(plan, 400);
      const waits = Map.groupBy(exchanges, ({ outcome }) =>
        "reason" in outcome ? `${outcome.type} ${outcome.reason}` : outcome.type,
      );
      expect(new Set(waits.keys())).toEqual(
        new Set(["failed connect-timeout", "indeterminate headers-timeout"]),
      );
      for (const { connectedAtMs, endedAtMs, sentAtMs } of exchanges)
        expect(endedAtMs - (connectedAtMs ?? sentAtMs)).toBeGreaterThanOrEqual(
          connectedAtMs === undefined ? 299 : 499,
        );
    } finally {
      host.kill("SIGKILL");
    }
  });
});
