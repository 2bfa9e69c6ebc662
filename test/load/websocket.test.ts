import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConnectionEnd, HeldConnection } from "#domain/held-connection.ts";
import type { StreamAccount } from "#domain/history.ts";
import type { WebsocketStream } from "#domain/load-profile.ts";
import { readLedger } from "#load/read-ledger.ts";
import { startLoad } from "#load/start-load.ts";
import { FaultyWebsocketServer } from "../fixtures/websocket-server.ts";
import { KEY_PREFIX, LoadTrial } from "./load-trial.ts";

const CONNECTIONS = 8;
const TRIAL_MS = 2_500;
const TIMEOUTS = { connectMs: 1_000, headersMs: 1_000, bodyMs: 1_000 } as const;

/** What the server does to every fifth message, how that ends its connection, and what becomes of the message. */
const CUTS: readonly (readonly [string, ConnectionEnd, string])[] = [
  ["fin", { type: "cut", by: "fin" }, "closed-before-response"],
  ["rst", { type: "cut", by: "reset" }, "reset-before-response"],
  ["mid-message-fin", { type: "cut", by: "fin" }, "closed-before-response"],
  ["mid-message-rst", { type: "cut", by: "reset" }, "reset-before-response"],
  ["broken-frame", { type: "cut", by: "broken-frame" }, "protocol"],
  ["silence", { type: "cut", by: "silent" }, "headers-timeout"],
  ["close-1011", { type: "cut", by: "code", code: 1011 }, "closed-before-response"],
  ["close-unanswered", { type: "closed", code: 1001 }, "closed-before-response"],
];
const ORDERLY: readonly (readonly [string, number])[] = [
  ["close-1000", 1000],
  ["close-1001", 1001],
  ["close-1012", 1012],
  ["close-without-code", 1005],
];
const OTHERS = ["echo", "lost", "twice", "refuse", "close-at-once"];
const NAMES = [...CUTS, ...ORDERLY].map(([name]) => name).concat(OTHERS);

const stream = (name: string): WebsocketStream => ({
  type: "websocket",
  name,
  arrival: { type: "constant", perSecond: 40 },
  path: `/${name}`,
  headers: {},
  message: '{"order":"{{key}}"}',
  connections: CONNECTIONS,
  timeouts: TIMEOUTS,
});

let server: FaultyWebsocketServer;
let accounts: readonly StreamAccount[];
let connections: readonly HeldConnection[];
const trial = new LoadTrial();

/** All streams run side by side in one trial; each has its own fault. */
beforeAll(async () => {
  server = await FaultyWebsocketServer.start();
  const load = await startLoad(trial.plan(server.url, NAMES.map(stream)));
  await sleep(TRIAL_MS);
  ({ accounts } = await load.stop());
  const lines = readFileSync(join(trial.directory, "connections.ndjson"), "utf8")
    .trim()
    .split("\n");
  connections = lines.map((line) => JSON.parse(line) as HeldConnection);
}, 30_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  trial[Symbol.dispose]();
});

const messageOf = (name: string, seq: number) => `{"order":"${KEY_PREFIX}-${name}-${seq}"}`;
const exchangesOf = (name: string) => readLedger(trial.directory, name);
const endedOf = (name: string) =>
  connections.filter(({ stream: of, end }) => of === name && end.type !== "held");
const reasonsOf = (name: string) => [
  ...new Set(
    exchangesOf(name).map(({ outcome }) => ("reason" in outcome ? outcome.reason : outcome.type)),
  ),
];

describe("a stream of websocket messages", () => {
  it.each(NAMES)("has exact books, message by message, whatever the server does: %s", (name) => {
    const account = accounts.find(({ stream: of }) => of === name);
    const exchanges = exchangesOf(name);
    expect(account?.harnessFailures).toEqual([]);
    expect(exchanges.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: account?.scheduled ?? 0 }, (_, seq) => seq),
    );
    const ok = exchanges.filter(({ outcome }) => outcome.type === "ok");
    expect(ok.map(({ seq }) => messageOf(name, seq)).toSorted()).toEqual(
      server.answered.filter((text) => text.includes(`"${KEY_PREFIX}-${name}-`)).toSorted(),
    );
    expect(account?.undelivered).toBe(0);
  });

  it("holds its connections open, and takes them in turn", () => {
    const held = connections.filter(({ stream: of }) => of === "echo");
    expect(held.map(({ end }) => end)).toEqual(Array(CONNECTIONS).fill({ type: "held" }));
    expect(held.every(({ pod, unanswered }) => pod === "web-1" && unanswered === 0)).toBe(true);
    expect(exchangesOf("echo").every(({ outcome }) => outcome.type === "ok")).toBe(true);
    const uses = Map.groupBy(exchangesOf("echo"), ({ connectionId }) => connectionId);
    const counts = [...uses.values()].map(({ length }) => length);
    expect([counts.length, Math.max(...counts) - Math.min(...counts) <= 1]).toEqual([8, true]);
  });

  it.each(ORDERLY)("loses only what crosses a close in order: %s", (name, code) => {
    const ended = endedOf(name);
    expect(ended.length).toBeGreaterThan(2);
    for (const { end } of ended) expect(end).toEqual({ type: "closed", code });
    const crossed = server.crossed.filter((text) => text.includes(`"${KEY_PREFIX}-${name}-`));
    const lost = exchangesOf(name).filter(({ outcome }) => outcome.type !== "ok");
    expect(lost.map(({ seq }) => messageOf(name, seq)).toSorted()).toEqual(crossed.toSorted());
    expect(ended.reduce((sum, { unanswered }) => sum + unanswered, 0)).toBe(crossed.length);
    // Each was opened again in its place.
    const opened = connections.filter(({ stream: of }) => of === name);
    expect(opened).toHaveLength(CONNECTIONS + ended.length);
  });

  it.each(CUTS)("tells how the server ended a connection: %s", (name, end, reason) => {
    const ended = endedOf(name);
    expect(ended.length).toBeGreaterThan(2);
    for (const one of ended) expect(one.end).toEqual(end);
    expect(ended.every(({ unanswered }) => unanswered >= 1)).toBe(true);
    expect(reasonsOf(name).toSorted()).toEqual(["ok", reason].toSorted());
  });

  it("loses a message alone where the connection goes on answering others", () => {
    // After the last message nothing tells a lost one from a silent connection.
    const lastSentAtMs = Math.max(...exchangesOf("lost").map(({ sentAtMs }) => sentAtMs));
    expect(endedOf("lost").every(({ endedAtMs }) => endedAtMs > lastSentAtMs)).toBe(true);
    expect(reasonsOf("lost").toSorted()).toEqual(["headers-timeout", "ok"]);
  });

  it("counts answers that come twice", () => {
    const repeated = connections
      .filter(({ stream: of }) => of === "twice")
      .reduce((sum, one) => sum + one.repeated, 0);
    expect(repeated).toBeGreaterThan(5);
    expect(reasonsOf("twice")).toEqual(["ok"]);
  });

  it("knows a message that was surely not sent, because nothing let it in", () => {
    const outcomes = exchangesOf("refuse").map(({ outcome }) => outcome);
    for (const outcome of outcomes) {
      expect(outcome).toEqual({ type: "failed", reason: "server-error", status: 503 });
    }
    expect(connections.some(({ stream: of }) => of === "refuse")).toBe(false);
  });

  it("asks a server that closes each connection at once no more often than it has messages", () => {
    const opened = connections.filter(({ stream: of }) => of === "close-at-once");
    expect(opened.length).toBeGreaterThan(CONNECTIONS);
    const messages = exchangesOf("close-at-once").length;
    expect(opened.length).toBeLessThanOrEqual(CONNECTIONS + messages);
  });

  it("is refused where nobody listens", async () => {
    using nobody = new LoadTrial();
    const { exchanges } = await nobody.run(
      nobody.plan("http://127.0.0.1:1", [stream("echo")]),
      300,
    );
    expect(exchanges.length).toBeGreaterThan(5);
    for (const { outcome } of exchanges) {
      expect(outcome).toEqual({ type: "failed", reason: "connect-refused" });
    }
  });
});
