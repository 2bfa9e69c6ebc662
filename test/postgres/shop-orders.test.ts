import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PodProcess, startPodProcess } from "../support/pod-process.ts";
import { type PostgresServer, startPostgres } from "./postgres-server.ts";

const PROGRAM = {
  directory: join(import.meta.dirname, "../../scenarios/shop/app"),
  entry: "server.ts",
};
const TEA = JSON.stringify({ item: "tea", quantity: 2 });

let server: PostgresServer;
const pods: PodProcess[] = [];

beforeAll(async () => {
  server = await startPostgres();
  const start = (name: string) =>
    startPodProcess(PROGRAM, { DATABASE_URL: server.url, POD_NAME: name });
  pods.push(...(await Promise.all(["shop-a", "shop-b"].map(start)))); // both want to create the tables
}, 60_000);
afterAll(async () => {
  for (const pod of pods) pod.process.kill("SIGKILL");
  await Promise.all(pods.map((pod) => pod.exited()));
  await server?.stop();
});

async function post(pod: number, path: string, key = "", body = ""): Promise<number> {
  const headers = key === "" ? {} : { "Idempotency-Key": key };
  const response = await fetch(`${pods[pod]?.url}${path}`, { method: "POST", headers, body });
  return response.status;
}

const order = async (key: string) => [
  await post(0, "/orders", key, TEA),
  await post(1, `/orders/${key}/charge`),
  await post(0, `/orders/${key}/confirm`),
];

describe("an order in PostgreSQL", () => {
  it("takes each effect once, at whatever pod and however often a step is repeated", async () => {
    expect(await order("k-1")).toEqual([201, 201, 201]);
    expect(await order("k-1")).toEqual([200, 200, 200]);
    expect(await server.run("SELECT amount_cents, pod FROM charges WHERE key = 'k-1'")).toEqual([
      { amount_cents: 900, pod: "shop-b" },
    ]);
  });

  it("is taken once when two pods are asked for it at the same moment", async () => {
    const both = await Promise.all([
      post(0, "/orders", "k-2", TEA),
      post(1, "/orders", "k-2", TEA),
    ]);
    expect(both.toSorted()).toEqual([200, 201]);
  });

  it("cannot skip a step or change its mind, and takes no stock that is not there", async () => {
    const statuses = [
      await post(0, "/orders/nobody/charge"),
      await post(0, "/orders", "k-3", TEA),
      await post(0, "/orders", "k-3", '{"item":"cup","quantity":2}'),
      await post(0, "/orders/k-3/confirm"),
      await post(0, "/orders", "k-4", '{"item":"air","quantity":1}'),
      await post(0, "/orders", "k-4", '{"item":"tea","quantity":2000000000}'),
    ];
    expect(statuses).toEqual([404, 201, 409, 409, 409, 409]);
    const unbalanced = await server.run(`
      SELECT item FROM stock LEFT JOIN reservations USING (item)
      GROUP BY item, stock.quantity
      HAVING stock.quantity + coalesce(sum(reservations.quantity), 0) <> 10000000`);
    expect(unbalanced).toEqual([]);
  });

  it("is shown by the database, not by an audit route", async () => {
    expect((await fetch(`${pods[0]?.url}/audit/orders`)).status).toBe(404);
  });
});
