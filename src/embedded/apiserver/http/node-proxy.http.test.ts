import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

const MERGE = { "content-type": "application/merge-patch+json" };

let server: Awaited<ReturnType<typeof startTestServer>>;
let kubelet: Server;
const asked: string[] = [];

beforeAll(async () => {
  server = await startTestServer({ clusterSecret: "between-us" });
  kubelet = createServer((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    response.end("what the kubelet says");
  });
  await new Promise<void>((resolve) => kubelet.listen(0, "127.0.0.1", resolve));
  const { port } = kubelet.address() as AddressInfo;
  for (const name of ["node-1", "silent"])
    await ask(server, "/api/v1/nodes", { method: "POST", body: { metadata: { name } } });
  const status = {
    addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  };
  const options = { method: "PATCH", body: { status }, headers: MERGE };
  await ask(server, "/api/v1/nodes/node-1/status", options);
});
afterAll(async () => {
  await server.stop();
  kubelet.closeAllConnections();
  await new Promise((resolve) => kubelet.close(resolve));
});

it("passes on what a node's kubelet shows, with the path and the query", async () => {
  const answer = await ask(server, "/api/v1/nodes/node-1/proxy/metrics/cadvisor?a=1");
  expect(answer).toMatchObject({ code: 200, text: "what the kubelet says" });
  expect(asked).toEqual(["Bearer between-us /metrics/cadvisor?a=1"]);
});

it("passes on what listens at another port of a node, and keeps the kubelet's secret from it", async () => {
  const other = createServer(({ headers, url }, response) => {
    response.end(`${headers.authorization} ${url}`);
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const answer = await ask(server, `/api/v1/nodes/node-1:${port}/proxy/connections`);
  expect(answer).toMatchObject({ code: 200, text: "undefined /connections" });
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
});

it("refuses a node that is not there or has no kubelet", async () => {
  const status = async (node: string) =>
    (await ask(server, `/api/v1/nodes/${node}/proxy/healthz`)).code;
  expect([await status("nobody"), await status("silent")]).toEqual([404, 400]);
});
