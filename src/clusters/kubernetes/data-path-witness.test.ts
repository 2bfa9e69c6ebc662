import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DataPathWord } from "#domain/data-path-word.ts";
import type { Observation } from "#domain/observation.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import { connectCluster } from "./kubernetes-cluster.ts";
import { answerJson, refuse, ScriptedApi } from "./testing/scripted-api.ts";

const ROUTE = "GET /api/v1/nodes/node-1%3A10249/proxy/connections";
const clock: Clock = { nowMs: () => 7, sleep: async () => {} };

let server: ScriptedApi;
let cluster: Cluster;
let words: DataPathWord[];
let changes: Observation[];

beforeEach(async () => {
  [words, changes] = [[], []];
  server = new ScriptedApi();
  await server.listen();
  server.on("GET /version", (_, response) => answerJson(response, { gitVersion: "v1.36.2" }));
  const items = [{ metadata: { name: "node-1" } }];
  server.on("GET /api/v1/nodes", (_, response) => answerJson(response, { items }));
  const { kubeconfig } = server;
  cluster = await connectCluster({ kubeconfig, description: "ci", witnessPort: 10_249 });
});
afterEach(async () => {
  await cluster.stop();
  await server.close();
});

const listen = async () =>
  await cluster.witness?.listen(
    { hosts: ["10.0.0.1", "10.0.0.2"], port: 30_080 },
    { heard: (word) => words.push(word), changed: (change) => changes.push(change) },
    { clock, signal: new AbortController().signal },
  );

const line = (led: object) => `${JSON.stringify(led)}\n`;

it("hears of the load's own connections, by the entrance that they took", async () => {
  const client = "192.0.2.1:40000";
  server.on(ROUTE, (_, response) => {
    response.writeHead(200);
    response.write(line({ client, to: "10.0.0.2:30080", backend: "10.9.0.1:8080" }));
    response.write(line({ client, to: "10.0.0.1:30080", backend: "10.9.0.2:8080", refused: true }));
    response.write(line({ client, to: "10.0.0.1:443", backend: "10.9.0.3:8080" }));
    response.write(line({ client, to: "10.0.0.1:30080" }));
  });
  const listening = await listen();
  await vi.waitFor(() => expect(words).toHaveLength(3));
  await listening?.stop();
  const told = { atMs: 7, clientPort: 40_000 };
  expect(words).toEqual([
    { ...told, entrance: 2, backend: "10.9.0.1", refused: false },
    { ...told, entrance: 1, backend: "10.9.0.2", refused: true },
    { ...told, entrance: 1, refused: false },
  ]);
  expect(changes).toEqual([{ type: "witness", atMs: 7, node: "node-1", heard: true }]);
});

it("says when a node fell silent, and listens to it again", async () => {
  let open: ServerResponse | undefined;
  server.on(ROUTE, (_, response) => {
    open = response;
    response.writeHead(200).flushHeaders();
  });
  const listening = await listen();
  open?.end();
  await vi.waitFor(() => expect(changes).toHaveLength(3));
  await listening?.stop();
  expect(changes.map((each) => each.type === "witness" && each.heard)).toEqual([true, false, true]);
});

it("goes on without a node that tells nothing, and says why", async () => {
  server.on(ROUTE, (_, response) => refuse(response, 503, "ServiceUnavailable", "no conntrack"));
  const listening = await listen();
  await listening?.stop();
  expect(changes).toMatchObject([{ heard: false, because: expect.stringContaining("conntrack") }]);
});
