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
  const program = { directory: join(import.meta.dirname, fault, "app"), entry: "server.ts" };
  const pod = await startPodProcess(program, { DATA_DIR: dataDirectory, POD_NAME: fault });
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

const order = (pod: PodProcess, path: string) =>
  ask(pod, path, {
    method: "POST",
    headers: { "Idempotency-Key": "k" },
    body: '{"item":"tea","quantity":1}',
  });

describe("each faulty shop has its fault, and no other", () => {
  it("ignores-sigterm goes on serving", async () => {
    const shop = await start("ignores-sigterm");
    shop.process.kill("SIGTERM");
    await shop.logged("sigterm");
    expect([await ask(shop, "/"), await ask(shop, "/readyz")]).toEqual([200, 200]);
    shop.process.kill("SIGKILL");
    expect(await shop.exited()).toBe("SIGKILL");
  });

  it("exits-at-once cuts what is in flight, with exit code 0", async () => {
    const shop = await start("exits-at-once");
    const inFlight = ask(shop, "/slow?ms=5000");
    await ask(shop, "/"); // by its answer the slow request has arrived
    shop.process.kill("SIGTERM");
    expect(await inFlight).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
    expect(await shop.exited()).toBe(0);
    expect(await shop.logged("sigterm")).toMatchObject({ inFlight: 1 });
  });

  it("closes-listener-early refuses new connections, and answers what it has", async () => {
    const shop = await start("closes-listener-early");
    const inFlight = ask(shop, "/slow?ms=1000");
    await ask(shop, "/");
    shop.process.kill("SIGTERM");
    await shop.logged("draining");
    const refused = once(connect(shop.port, "127.0.0.1"), "connect");
    await expect(refused).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(await inFlight).toBe(200);
    expect(await shop.exited()).toBe(0);
  });

  it("half-commits says yes to a confirmation that it never writes", async () => {
    const shop = await start("half-commits");
    expect([await order(shop, "/orders"), await order(shop, "/orders/k/charge")]).toEqual([
      201, 201,
    ]);
    const confirmation = order(shop, "/orders/k/confirm");
    shop.process.kill("SIGTERM");
    expect(await confirmation).toBe(201);
    expect(await shop.exited()).toBe(0);
    const other = await start("half-commits");
    const audit = await fetch(`${other.url}/audit/orders`);
    expect(await audit.json()).toEqual({
      transactions: [{ key: "k", effects: { reserve: 1, charge: 1, confirm: 0 } }],
    });
  });
});
