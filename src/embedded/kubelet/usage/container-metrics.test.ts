import { afterAll, beforeAll, expect, it } from "vitest";
import type { Node } from "#embedded/api/objects.ts";
import { NODES } from "#embedded/api/resources.ts";
import { node, startTestNode, type TestNode } from "#embedded/kubelet/testing/test-node.ts";

let here: TestNode;
beforeAll(async () => {
  here = await startTestNode();
});
afterAll(() => here.stop());

async function metricsOf(pod: string): Promise<Readonly<Record<string, number>>> {
  const status = (await here.api.get<Node>(NODES, "node-1"))?.status;
  const endpoints = status?.["daemonEndpoints"] as { kubeletEndpoint: { Port: number } };
  const base = `${status?.addresses?.[0]?.address}:${endpoints.kubeletEndpoint.Port}`;
  const headers = { authorization: "Bearer secret" };
  const text = await (await fetch(`http://${base}/metrics/cadvisor`, { headers })).text();
  const labels = `{container="app",namespace="test",pod="${pod}"}`;
  return Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes(labels))
      .map((line) => [line.slice(0, line.indexOf("{")), Number(line.split(" ")[1])]),
  );
}

it("counts the processes, the open files and the sockets of a container", async () => {
  const own = `const { openSync } = require("node:fs"); const { spawn } = require("node:child_process");`;
  const file = `const open = (count) => Array.from({ length: count }, () => openSync("/dev/null"));`;
  await here.api.createPod("plain", { containers: [node(`setInterval(() => {}, 1e3)`)] });
  const holding = `${own}${file} open(20); spawn("sleep", ["60"], { stdio: "ignore" }); require("node:net").createServer().listen(0, "127.0.0.1")`;
  await here.api.createPod("holding", { containers: [node(holding)] });
  await expect.poll(() => metricsOf("plain")).toMatchObject({ container_processes: 1 });
  const plain = await metricsOf("plain");
  const moreBy = async (name: string) => {
    const more = await metricsOf("holding");
    return (more[`container_${name}`] ?? 0) - (plain[`container_${name}`] ?? 0);
  };
  await expect.poll(() => moreBy("sockets")).toBe(1);
  expect(await moreBy("processes")).toBe(1);
  expect(await moreBy("file_descriptors")).toBeGreaterThanOrEqual(21);
});

it("shows nothing of a container that has ended", async () => {
  await here.api.createPod("ended", { restartPolicy: "Never", containers: [node("")] });
  await here.api.untilPod("ended", (pod) => pod?.status.phase === "Succeeded");
  expect(await metricsOf("ended")).toEqual({});
});
