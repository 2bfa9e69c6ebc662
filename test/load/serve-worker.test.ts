import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FrameReader } from "#load/inside/frames.ts";
import { serveWorker } from "#load/inside/serve-worker.ts";
import type { WorkerCommand, WorkerReport } from "#load/inside/worker-messages.ts";
import { monotonicMs } from "#load/run-clock.ts";
import { httpStream, LoadTrial } from "./load-trial.ts";

let server: Server;
let served: number;
let trial: LoadTrial;

beforeEach(async () => {
  served = 0;
  trial = new LoadTrial();
  server = createServer((_, response) => {
    served++;
    response.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
  trial[Symbol.dispose]();
});

/** A worker that is talked with over pipes of this process. */
function startWorker() {
  const input = new PassThrough();
  const output = new PassThrough();
  const reports: WorkerReport[] = [];
  const frames = new FrameReader();
  output.on("data", (chunk: Buffer) => {
    reports.push(...frames.push(chunk).map(({ report }) => report));
  });
  const ended = serveWorker({ input, output, directory: trial.directory });
  const send = (command: WorkerCommand) => input.write(`${JSON.stringify(command)}\n`);
  const until = async (type: WorkerReport["type"]) => {
    while (!reports.some((report) => report.type === type)) await once(output, "data");
  };
  return { input, reports, ended, send, until };
}

describe("a worker inside the cluster", () => {
  it("offers nothing before it is told to begin, and nothing after whoever told it has gone", async () => {
    const address = server.address();
    assert(typeof address === "object" && address !== null);
    const { input, ended, send, until } = startWorker();
    const plan = trial.plan(`http://127.0.0.1:${address.port}`, [httpStream("fresh")]);
    const share = { worker: 0, of: 1 };
    const zeroMs = monotonicMs();
    send({ type: "prepare", plan: { ...plan, share }, zeroMs, audits: false });
    await until("prepared");
    expect(served).toBe(0);
    send({ type: "begin", atMs: monotonicMs() - zeroMs });
    await until("progress");
    expect(served).toBeGreaterThan(0);
    input.end();
    await ended;
    await sleep(300); // what was on its way when it ended may still come
    const atTheEnd = served;
    await sleep(300);
    expect(served).toBe(atTheEnd);
  });

  it("tells the time at once, and what is wrong with its orders", async () => {
    const { input, reports, ended, send, until } = startWorker();
    const before = monotonicMs();
    send({ type: "ping", id: 7 });
    await until("pong");
    const [pong] = reports;
    assert(pong?.type === "pong");
    expect(pong.id).toBe(7);
    expect(pong.atMs).toBeGreaterThanOrEqual(before);
    expect(pong.atMs).toBeLessThanOrEqual(monotonicMs());
    send({ type: "stop", atMs: 0 });
    await until("failed");
    input.end();
    await ended;
  });
});
