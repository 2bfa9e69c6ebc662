import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { readAudit } from "./read-audit.ts";

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const CHECKS = [
  { type: "sum", name: "money", path: ["money"], equals: 3 },
  { type: "set", name: "kept", path: ["kept"] },
] as const;

function read(baseUrl: string, ...names: readonly string[]) {
  const ledgers = names.map((name) => ({
    path: `/${name}`,
    keyPrefix: `run-2-${name}-`,
    otherPrefixes: ["run-2-browse-", `run-2-${name}-twice-`, "run-2-"],
    checks: name === "checked" ? CHECKS : [],
  }));
  return readAudit({ baseUrl, ledgers, clock: { nowMs: () => 42 }, pauseMs: 1 });
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
      response.end(JSON.stringify({ transactions: [], money: { a: 1, b: 2 }, kept }));
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
      response.end(JSON.stringify({ transactions: [], money: {} }));
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
      response.writeHead(500).end("no table");
    });
    expect(await read(url, "ledger")).toEqual({
      type: "unreadable",
      atMs: 42,
      reason: "GET /ledger: it answered 500: no table",
    });
  });
});
