import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type PodProcess, startPodProcess } from "../support/pod-process.ts";

const TEA = JSON.stringify({ item: "tea", quantity: 2 });

const PROGRAM = {
  directory: join(import.meta.dirname, "../../scenarios/shop/app"),
  entry: "server.ts",
};

let dataDirectory: string;
let pods: PodProcess[];

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), "shop-"));
  pods = [];
});

afterEach(async () => {
  for (const pod of pods) pod.process.kill("SIGKILL");
  await Promise.all(pods.map((pod) => pod.exited()));
  rmSync(dataDirectory, { recursive: true });
});

async function startShop(name: string): Promise<PodProcess> {
  const pod = await startPodProcess(PROGRAM, { DATA_DIR: dataDirectory, POD_NAME: name });
  pods.push(pod);
  return pod;
}

async function post(pod: PodProcess, path: string, key = "", body = ""): Promise<Response> {
  const headers = key === "" ? {} : { "Idempotency-Key": key };
  return fetch(`${pod.url}${path}`, { method: "POST", headers, body });
}

async function order(key: string, reserve: PodProcess, charge: PodProcess, confirm: PodProcess) {
  const answers = [
    await post(reserve, "/orders", key, TEA),
    await post(charge, `/orders/${key}/charge`),
    await post(confirm, `/orders/${key}/confirm`),
  ];
  return answers.map(({ status }) => status);
}

async function audit(pod: PodProcess, prefix: string): Promise<unknown> {
  return (await fetch(`${pod.url}/audit/orders?prefix=${prefix}`)).json();
}

/** One request on a kept connection, of which fetch would not tell whether it was kept. */
async function send(pod: PodProcess, path: string, agent: Agent): Promise<IncomingMessage> {
  const [response] = await once(request(`${pod.url}${path}`, { agent }).end(), "response");
  await text(response);
  return response;
}

describe("an order", () => {
  it("takes each effect once, however often a step is repeated", async () => {
    const shop = await startShop("shop-a");
    expect(await order("k-1", shop, shop, shop)).toEqual([201, 201, 201]);
    expect(await order("k-1", shop, shop, shop)).toEqual([200, 200, 200]);
    expect(await audit(shop, "k-")).toEqual({
      transactions: [{ key: "k-1", effects: { reserve: 1, charge: 1, confirm: 1 } }],
    });
  });

  it("cannot skip a step, lack a key or change its mind, and leaves no trace of trying", async () => {
    const shop = await startShop("shop-a");
    const statuses = [
      await post(shop, "/orders/nobody/charge"),
      await post(shop, "/orders", "", TEA),
      await post(shop, "/orders", "k-bad", "tea"),
      await post(shop, "/orders", "k-bad", '{"item":"tea","quantity":0}'),
      await post(shop, "/orders", "k-bad", '{"item":"air","quantity":1}'),
      await post(shop, "/orders", "k-2", TEA),
      await post(shop, "/orders", "k-2", '{"item":"cup","quantity":2}'),
      await post(shop, "/orders/k-2/confirm"),
    ].map(({ status }) => status);
    expect(statuses).toEqual([404, 400, 400, 400, 409, 201, 409, 409]);
    expect(await audit(shop, "")).toEqual({
      transactions: [{ key: "k-2", effects: { reserve: 1, charge: 0, confirm: 0 } }],
    });
  });

  it("can be begun at one pod and finished at others, which write at the same time", async () => {
    const [a, b] = await Promise.all([startShop("shop-a"), startShop("shop-b")]);
    const keys = Array.from({ length: 40 }, (_, index) => `run7-${index}`);
    const statuses = await Promise.all(
      keys.map((key, index) => (index % 2 === 0 ? order(key, a, b, a) : order(key, b, a, b))),
    );
    expect(statuses).toEqual(keys.map(() => [201, 201, 201]));
    const whole = keys.toSorted().map((key) => ({
      key,
      effects: { reserve: 1, charge: 1, confirm: 1 },
    }));
    expect(await audit(a, "run7-")).toEqual({ transactions: whole });
    expect(await audit(b, "run7-")).toEqual({ transactions: whole });
    expect([...a.lines, ...b.lines].filter(({ event }) => event === "failed")).toEqual([]);
  });
});

describe("the audit", () => {
  it("shows only the keys that begin with the prefix", async () => {
    const shop = await startShop("shop-a");
    for (const key of ["run1-1", "run2-1", "run2", "run20-1"]) {
      await post(shop, "/orders", key, TEA);
    }
    const effects = { reserve: 1, charge: 0, confirm: 0 };
    expect(await audit(shop, "run2-")).toEqual({ transactions: [{ key: "run2-1", effects }] });
    expect(await audit(shop, "none")).toEqual({ transactions: [] });
  });

  it("refuses to show a ledger whose stock does not add up", async () => {
    const shop = await startShop("shop-a");
    await post(shop, "/orders", "k-1", TEA);
    const database = new DatabaseSync(join(dataDirectory, "shop.db"));
    database.exec("DELETE FROM reservations");
    database.close();
    const response = await fetch(`${shop.url}/audit/orders?prefix=k-`);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: "stock and reservations disagree",
      imbalance: [{ item: "tea", taken: 2, reserved: 0 }],
    });
  });
});

describe("every answer", () => {
  it("names the pod, whatever the route", async () => {
    const shop = await startShop("shop-a");
    const paths = ["/", "/slow?ms=1", "/healthz", "/readyz", "/audit/orders", "/nowhere", "/drain"];
    for (const path of paths) {
      const response = await fetch(`${shop.url}${path}`);
      expect([path, response.headers.get("x-pod")]).toEqual([path, "shop-a"]);
      await response.text();
    }
  });
});

describe("leaving", () => {
  it("is not ready any more once draining, but alive, and sends its clients away", async () => {
    const shop = await startShop("shop-a");
    expect((await fetch(`${shop.url}/readyz`)).status).toBe(200);
    expect((await post(shop, "/drain")).status).toBe(200);
    expect((await fetch(`${shop.url}/readyz`)).status).toBe(503);
    const alive = await fetch(`${shop.url}/healthz`);
    expect([alive.status, alive.headers.get("connection")]).toEqual([200, "close"]);
  });

  it("answers what is in flight, what comes on a kept and what comes on a new connection", async () => {
    const shop = await startShop("shop-a");
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await send(shop, "/", kept)).headers.connection).toBe("keep-alive");
    const inFlight = fetch(`${shop.url}/slow?ms=800`);
    await fetch(`${shop.url}/`); // by its answer the slow request has arrived

    shop.process.kill("SIGTERM");
    expect(await shop.logged("draining")).toMatchObject({ inFlight: 1 });
    const last = await send(shop, "/", kept);
    expect([last.statusCode, last.headers.connection]).toEqual([200, "close"]);
    expect((await send(shop, "/", new Agent())).statusCode).toBe(200);
    expect([(await inFlight).status, (await inFlight).headers.get("connection")]).toEqual([
      200,
      "close",
    ]);

    expect(await shop.exited()).toBe(0);
    expect(shop.lines.at(-1)).toMatchObject({ event: "exit", code: 0, pod: "shop-a" });
  });

  it("closes a kept connection on which nobody asks any more, and ends", async () => {
    const shop = await startShop("shop-a");
    const kept = new Agent({ keepAlive: true });
    await send(shop, "/", kept);
    shop.process.kill("SIGTERM");
    expect(await shop.exited()).toBe(0);
    expect(shop.lines.map(({ event }) => event)).not.toContain("abandoned");
    kept.destroy();
  });

  it("loses no order of a client that goes on to another pod when told", async () => {
    const [a, b] = await Promise.all([startShop("shop-a"), startShop("shop-b")]);
    let pod = a;
    let sent = 0;
    const statuses: number[] = [];
    while (sent < 60) {
      const key = `run-${String(sent++).padStart(2, "0")}`;
      if (sent === 20) a.process.kill("SIGTERM");
      for (const [path, body] of [
        ["/orders", TEA],
        [`/orders/${key}/charge`],
        [`/orders/${key}/confirm`],
      ]) {
        const response = await post(pod, path ?? "", key, body);
        statuses.push(response.status);
        if (response.headers.get("connection") === "close") pod = b;
      }
    }
    expect(statuses).toEqual(Array.from({ length: 180 }, () => 201));
    expect(await a.exited()).toBe(0);
    const { transactions } = (await audit(b, "run-")) as { transactions: { effects: object }[] };
    expect(transactions.map(({ effects }) => effects)).toEqual(
      Array.from({ length: 60 }, () => ({ reserve: 1, charge: 1, confirm: 1 })),
    );
    expect(pod).toBe(b);
  });

  it("leaves in order when it is told to at the moment it listens", async () => {
    const shop = await startShop("shop-a");
    shop.process.kill("SIGTERM");
    expect(await shop.exited()).toBe(0);
  });
});
