import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { AuditCheck } from "#domain/audit-check.ts";
import { readAudit, readBaseline } from "./read-audit.ts";

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const at = (...names: readonly string[]) => ({ type: "path", names }) as const;
const CHECKS: readonly AuditCheck[] = [
  { type: "sum", name: "money", place: at("bank", "money") },
  { type: "set", name: "kept", place: at("kept") },
];

function reading(baseUrl: string, names: readonly string[], checks = CHECKS) {
  const ledgers = names.map((name) => ({
    source: { type: "http", path: `/${name}` } as const,
    keyPrefix: `run-2-${name}-`,
    otherPrefixes: ["run-2-browse-", `run-2-${name}-twice-`, "run-2-"],
    checks: name === "checked" ? checks : [],
  }));
  return { baseUrl, ledgers, clock: { nowMs: () => 42 }, pauseMs: 1 };
}

function read(baseUrl: string, ...names: readonly string[]) {
  return readAudit(reading(baseUrl, names), new Map(), () => []);
}

describe("readAudit", () => {
  it("joins the ledgers of all streams, without the transactions of other runs", async () => {
    const url = await serve((request, response) => {
      const name = request.url?.slice(1);
      const transactions = ["run-1", "run-2"].map((run) => ({
        key: `${run}-${name}-0`,
        effects: { pay: 1 },
      }));
      response.end(JSON.stringify({ transactions }));
    });
    expect(await read(`${url}/`, "a", "b")).toEqual({
      type: "read",
      atMs: 42,
      entries: [
        { key: "run-2-a-0", effects: { pay: 1 } },
        { key: "run-2-b-0", effects: { pay: 1 } },
      ],
    });
  });

  it("reads what the checks of the data are about, from the same answer", async () => {
    const kept = ["run-2-checked-0", "run-1-checked-0"];
    const url = await serve((_request, response) => {
      response.end(JSON.stringify({ transactions: [], bank: { money: { a: 1, b: 2 } }, kept }));
    });
    expect(await read(url, "checked")).toEqual({
      type: "read",
      atMs: 42,
      entries: [],
      findings: [
        { check: "money", atMs: 42, found: 3 },
        { check: "kept", atMs: 42, found: ["run-2-checked-0"] },
      ],
    });
  });

  it("does not pass over what is not there", async () => {
    const url = await serve((_request, response) => {
      response.end(JSON.stringify({ transactions: [], bank: { money: {} } }));
    });
    expect(await read(url, "checked")).toEqual({
      type: "unreadable",
      atMs: 42,
      reason: "GET /checked: kept in the answer is not a list of keys",
    });
  });

  it("leaves out what other streams of the same run wrote under their keys", async () => {
    const url = await serve((_request, response) => {
      const keys = ["run-2-order-0", "run-2-browse-5", "run-2-order-twice-5", "run-2-order-0-copy"];
      response.end(JSON.stringify({ transactions: keys.map((key) => ({ key, effects: {} })) }));
    });
    expect(await read(url, "order")).toMatchObject({
      entries: [{ key: "run-2-order-0" }, { key: "run-2-order-0-copy" }],
    });
  });

  it("asks again, over a new connection, while the workload is not there yet", async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      if (ports.size === 1) request.socket.destroy();
      else if (ports.size === 2) response.writeHead(503).end();
      else response.end('{"transactions":[]}');
    });
    expect(await read(url, "ledger")).toMatchObject({ type: "read", entries: [] });
    expect(ports.size).toBe(3);
  });

  it("says what stood in the way when the ledger cannot be read", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(500).end("no table\n");
    });
    expect(await read(url, "ledger")).toEqual({
      type: "unreadable",
      atMs: 42,
      reason: "GET /ledger: it answered 500: no table",
    });
  });

  it("puts the prefix of its keys into the path", async () => {
    const paths: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url);
      response.end('{"transactions":[]}');
    });
    const whole = reading(url, ["order"]);
    const source = { type: "http", path: "/audit?from={{prefix}}" } as const;
    const ledgers = whole.ledgers.map((ledger) => ({ ...ledger, source }));
    await readAudit({ ...whole, ledgers }, new Map(), () => []);
    expect(paths).toEqual(["/audit?from=run-2-order-"]);
  });

  it("gives each number of a check the one that was there before the load", async () => {
    let money = 3;
    const url = await serve((_request, response) => {
      response.end(JSON.stringify({ transactions: [], bank: { money: money++ }, kept: [] }));
    });
    const asked = reading(url, ["checked"]);
    const baseline = await readBaseline(asked);
    expect(await readAudit(asked, baseline, () => [])).toMatchObject({
      findings: [
        { check: "money", found: 4, before: 3 },
        { check: "kept", found: [] },
      ],
    });
  });

  it("lets no load begin over a ledger that cannot be read", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(404).end();
    });
    await expect(readBaseline(reading(url, ["ledger"]))).rejects.toMatchObject({
      code: "LEDGER_NOT_READ",
      message: expect.stringContaining("GET /ledger: it answered 404"),
      hint: expect.stringContaining("Nothing was sent"),
    });
  });

  describe("of a queue", () => {
    /** Gives one message more each time it is asked. */
    async function readQueue(withinMs: number, messages: readonly string[]) {
      let asked = 0;
      const url = await serve((_request, response) => {
        const done = messages.slice(0, ++asked).map((name) => `run-2-checked-${name}`);
        response.end(JSON.stringify({ transactions: [], done }));
      });
      const queue = { type: "queue", name: "jobs", delivery: "exactly-once", withinMs } as const;
      const whole = reading(url, ["checked"], [{ ...queue, place: at("done") }]);
      let nowMs = 0;
      const clock = { nowMs: () => nowMs++ };
      const acknowledged = () => ["run-2-checked-a", "run-2-checked-b", "run-2-checked-c"];
      const audit = await readAudit({ ...whole, clock }, new Map(), acknowledged);
      const found = audit.type === "read" ? audit.findings?.[0]?.found : audit.reason;
      return { found, asked };
    }

    it("waits until everything that was acknowledged is out", async () => {
      const keys = ["run-2-checked-a", "run-2-checked-b", "run-2-checked-c"];
      const late = await readQueue(1_000_000, ["a", "b", "c", "never"]);
      expect(late).toEqual({ found: keys, asked: 3 });
    });

    it("waits no longer than its time", async () => {
      const { found } = await readQueue(6, ["a"]);
      expect(found).toEqual(["run-2-checked-a"]);
    });
  });
});
