import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EXCHANGE_BYTES, exchangesFileName } from "#domain/ledger-record.ts";
import { certifyLoad } from "#load/certify-load.ts";
import { readTransactions } from "#load/read-ledger.ts";
import { startLoad } from "#load/start-load.ts";
import {
  EXPECT_SUCCESS,
  httpStream,
  KEY_PREFIX,
  LoadTrial,
  transactionStream,
} from "./load-trial.ts";

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const NOBODY = "http://127.0.0.1:1";

describe("startLoad", () => {
  it("refuses a folder that already holds a ledger, with the next step to take", async () => {
    using trial = new LoadTrial();
    const plan = trial.plan(NOBODY, [httpStream("reused")]);
    await trial.run(plan, 20);
    await expect(startLoad(plan)).rejects.toMatchObject({
      code: "LEDGER_NOT_WRITTEN",
      message: expect.stringContaining("exchanges-reused.bin"),
      hint: expect.stringContaining("new one"),
    });
  });

  it("refuses an address that is no URL", async () => {
    using trial = new LoadTrial();
    const plan = trial.plan("shop:80", [httpStream("fresh")]);
    await expect(startLoad(plan)).rejects.toMatchObject({ code: "BAD_LOAD_URL" });
  });

  it("ends at once when it is aborted, and then has no result", async () => {
    using trial = new LoadTrial();
    const load = await startLoad(trial.plan(NOBODY, [httpStream("fresh")]));
    await load.abort();
    await expect(load.stop()).rejects.toMatchObject({ code: "LOAD_BROKEN" });
  });

  it("gives the same result however often it is stopped", async () => {
    using trial = new LoadTrial();
    const load = await startLoad(trial.plan(NOBODY, [httpStream("fresh")]));
    const [first, second] = await Promise.all([load.stop(), load.stop()]);
    expect(second).toBe(first);
  });

  it("writes whole records while the load goes on", async () => {
    using trial = new LoadTrial();
    const load = await startLoad(trial.plan(NOBODY, [httpStream("fresh")]));
    const path = join(trial.directory, exchangesFileName("fresh"));
    await vi.waitUntil(() => existsSync(path) && statSync(path).size > 0, 5_000);
    expect(statSync(path).size % EXCHANGE_BYTES).toBe(0);
    await load.stop();
  });

  it("counts all instants from the run's zero", async () => {
    using trial = new LoadTrial();
    const plan = trial.plan(NOBODY, [httpStream("fresh")]);
    const runStartedAtMs = plan.runStartedAtMs - 60_000;
    const { exchanges } = await trial.run({ ...plan, runStartedAtMs }, 20);
    const nowMs = performance.timeOrigin + performance.now() - runStartedAtMs;
    for (const { scheduledAtMs, endedAtMs } of exchanges) {
      expect(scheduledAtMs).toBeGreaterThan(60_000);
      expect(endedAtMs).toBeLessThan(nowMs);
    }
  });

  it("judges bodies where the stream expects something of them", async () => {
    using trial = new LoadTrial();
    const url = await serve((request, response) => {
      const seq = Number(/\d+$/.exec(request.url ?? "")?.[0]);
      response.end(JSON.stringify({ state: seq % 2 === 0 ? "open" : "shut" }));
    });
    const stream = httpStream("reused", {
      request: { method: "GET", path: "/doors/{{seq}}", headers: {} },
      expect: { ...EXPECT_SUCCESS, bodyJson: { path: ["state"], equals: "open" } },
    });
    const { exchanges } = await trial.run(trial.plan(url, [stream]), 100);
    const sent = exchanges.filter(({ outcome }) => outcome.type !== "undelivered");
    expect(sent.length).toBeGreaterThan(20);
    for (const { seq, outcome } of sent)
      expect(outcome.type).toBe(seq % 2 === 0 ? "ok" : "indeterminate");
  });

  it("sends bodies whole, and the cookies that earlier steps of a transaction got", async () => {
    using trial = new LoadTrial();
    const seen: string[] = [];
    const url = await serve(async (request, response) => {
      const body = (await request.toArray()).join("");
      if (request.url === "/ledger") {
        response.end('{"transactions":[]}');
        return;
      }
      seen.push(`${request.url} ${request.headers.cookie ?? "-"} ${body}`);
      response.setHeader("Set-Cookie", `session=${request.headers["x-request-id"]}; HttpOnly`);
      response.end();
    });
    await trial.run(trial.plan(url, [transactionStream()]), 50);
    const transactions = readTransactions(trial.directory);
    expect(transactions.length).toBeGreaterThan(3);
    const expected = transactions.flatMap(({ key }, _index) => {
      const number = /\d+$/.exec(key)?.[0];
      const body = `{"order":"${key}","number":${number}}`;
      return [`/orders/reserve - ${body}`, `/orders/pay session=${key} ${body}`];
    });
    expect(seen.toSorted()).toEqual(expected.toSorted());
  });

  it("reads the ledger from the database beneath the workload, before and after", async () => {
    using trial = new LoadTrial();
    const file = join(trial.directory, "shop.db");
    using database = new DatabaseSync(file);
    database.exec("PRAGMA synchronous = OFF");
    database.exec("CREATE TABLE effects (key TEXT, effect TEXT); CREATE TABLE sold (n INTEGER);");
    database.exec("INSERT INTO sold VALUES (41)");
    const write = database.prepare("INSERT INTO effects VALUES (?, ?)");
    const url = await serve(async (request, response) => {
      await request.toArray();
      const effect = request.url?.split("/").at(-1) ?? "";
      write.run(String(request.headers["idempotency-key"]), effect);
      if (effect === "pay") database.exec("UPDATE sold SET n = n + 1");
      response.end();
    });
    const query = "SELECT key, effect, 1 AS count FROM effects WHERE key LIKE '{{prefix}}%'";
    const place = { type: "query", query: "SELECT n FROM sold" } as const;
    const patient = { connectMs: 10_000, headersMs: 10_000, bodyMs: 10_000 };
    const stream = transactionStream({
      timeouts: patient,
      audit: { type: "sqlite", file, query },
      checks: [{ type: "counter", name: "sold", place }],
    });
    const { audit } = await trial.run(trial.plan(url, [stream], 10_000), 50);
    const transactions = readTransactions(trial.directory);
    expect(transactions.length).toBeGreaterThan(3);
    expect(audit).toMatchObject({
      type: "read",
      findings: [{ check: "sold", before: 41, found: 41 + transactions.length }],
    });
    if (audit?.type !== "read") expect.unreachable();
    expect(new Set(audit.entries)).toEqual(
      new Set(
        transactions.flatMap(({ key }) =>
          ["reserve", "pay"].map((effect) => ({ key, effects: { [effect]: 1 } })),
        ),
      ),
    );
  });

  it("sends nothing when the ledger cannot be read before the load", async () => {
    using trial = new LoadTrial();
    const asked = new Set<string | undefined>();
    const url = await serve((request, response) => {
      asked.add(request.url);
      response.writeHead(404).end();
    });
    await expect(startLoad(trial.plan(url, [transactionStream()]))).rejects.toMatchObject({
      code: "LEDGER_NOT_READ",
    });
    expect([...asked]).toEqual(["/ledger"]);
  });

  it("brings back an audit that is larger than what a channel holds at once", async () => {
    using trial = new LoadTrial();
    const transactions = Array.from({ length: 20_000 }, (_, index) => ({
      key: `${KEY_PREFIX}-orders-${index}`,
      effects: { reserve: 1, pay: 1 },
    }));
    const url = await serve((request, response) => {
      response.end(request.url === "/ledger" ? JSON.stringify({ transactions }) : "");
    });
    const { audit } = await trial.run(trial.plan(url, [transactionStream()]), 20);
    expect(audit).toMatchObject({ type: "read", entries: transactions });
  });

  it("ends connections that the server does not, when their requests are over", async () => {
    using trial = new LoadTrial();
    let open = 0;
    const url = await serve((request, response) => {
      request.socket.once("close", () => open--);
      open++;
      response.end('{"transactions":[]}');
    });
    await trial.run(trial.plan(url, [httpStream("fresh"), transactionStream()]), 100);
    await vi.waitUntil(() => open === 0, 5_000);
  });
});

describe("certifyLoad", () => {
  it("certifies the load as it is, and says on how many requests and faults that rests", async () => {
    const { requests, faults } = await certifyLoad();
    expect(requests).toBeGreaterThan(100);
    expect(faults).toBeGreaterThan(10);
  });
});
