import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type PodProcess, startPodProcess } from "../support/pod-process.ts";

let dataDirectory: string;
let pods: PodProcess[];

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), "catch-"));
  pods = [];
});

afterEach(async () => {
  for (const pod of pods) pod.process.kill("SIGKILL");
  await Promise.all(pods.map((pod) => pod.exited()));
  rmSync(dataDirectory, { recursive: true });
});

async function start(fault: string): Promise<PodProcess> {
  const program = { directory: join(import.meta.dirname, fault), entry: "server.mjs" };
  const pod = await startPodProcess(program, { DATA_DIR: dataDirectory });
  pods.push(pod);
  return pod;
}

/** The status, or the error code of the connection. */
async function ask(pod: PodProcess, path: string, init: RequestInit = {}): Promise<unknown> {
  return fetch(`${pod.url}${path}`, init).then(
    ({ status }) => status,
    (error: { cause?: { code?: string } }) => error.cause?.code,
  );
}

const step = (pod: PodProcess, name: string) => ask(pod, `/${name}?key=k`, { method: "POST" });

async function ledger(): Promise<unknown> {
  const other = await start("healthy-orders");
  const audit = await fetch(`${other.url}/audit`);
  return await audit.json();
}

describe("the workload that all share", () => {
  it("answers what is in flight, tells its clients to go, and ends", async () => {
    const pod = await start("healthy-orders");
    const inFlight = fetch(`${pod.url}/slow?ms=300`);
    await ask(pod, "/"); // by its answer the slow request has arrived
    pod.process.kill("SIGTERM");
    const answer = await inFlight;
    expect([answer.status, answer.headers.get("connection")]).toEqual([200, "close"]);
    expect(await pod.exited()).toBe(0);
  });

  it("writes each effect of an order once", async () => {
    const pod = await start("healthy-orders");
    for (const name of ["reserve", "charge", "confirm"]) expect(await step(pod, name)).toBe(201);
    expect(await ledger()).toEqual({
      transactions: [{ key: "k", effects: { reserve: 1, charge: 1, confirm: 1 } }],
    });
  });
});

describe("a faulty workload has its fault, and no other", () => {
  it("ignores-sigterm goes on serving", async () => {
    const pod = await start("ignores-sigterm");
    pod.process.kill("SIGTERM");
    await pod.logged("sigterm");
    expect([await ask(pod, "/"), await ask(pod, "/readyz")]).toEqual([200, 200]);
    pod.process.kill("SIGKILL");
    expect(await pod.exited()).toBe("SIGKILL");
  });

  it("exits-at-once cuts what is in flight, with exit code 0", async () => {
    const pod = await start("exits-at-once");
    const inFlight = ask(pod, "/slow?ms=5000");
    await ask(pod, "/");
    pod.process.kill("SIGTERM");
    expect(await inFlight).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
    expect(await pod.exited()).toBe(0);
  });

  it("closes-listener-early refuses new connections, and answers what it has", async () => {
    const pod = await start("closes-listener-early");
    const inFlight = ask(pod, "/slow?ms=1000");
    await ask(pod, "/");
    pod.process.kill("SIGTERM");
    await pod.logged("listener closed");
    const refused = once(connect(pod.port, "127.0.0.1"), "connect");
    await expect(refused).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(await inFlight).toBe(200);
    expect(await pod.exited()).toBe(0);
  });

  it("half-commits says yes to a confirmation that it never writes", async () => {
    const pod = await start("half-commits");
    expect([await step(pod, "reserve"), await step(pod, "charge")]).toEqual([201, 201]);
    const confirmation = step(pod, "confirm");
    pod.process.kill("SIGTERM");
    expect(await confirmation).toBe(201);
    expect(await pod.exited()).toBe(0);
    expect(await ledger()).toEqual({
      transactions: [{ key: "k", effects: { reserve: 1, charge: 1, confirm: 0 } }],
    });
  });
});
