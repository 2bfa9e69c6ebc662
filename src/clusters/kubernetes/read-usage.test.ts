import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Cluster } from "#ports/cluster.ts";
import { connectCluster } from "./kubernetes-cluster.ts";
import { parseUsage } from "./read-usage.ts";
import { answerJson, refuse, ScriptedApi } from "./testing/scripted-api.ts";

const line = (metric: string, labels: string, value: string) =>
  `container_${metric}{${labels}} ${value}`;
const WEB =
  'container="web",id="/kubepods/x",image="web:1",name="abc",namespace="shop",pod="web-1"';
const COUNTS = [
  "# TYPE container_processes gauge",
  line("processes", WEB, "2 1764000000123"),
  line("file_descriptors", WEB, "3e+01 1764000000123"),
  line("sockets", WEB, "4 1764000000123"),
];
const USAGE = {
  ...{ pod: "web-1", container: "web", processes: 2, descriptors: 30, sockets: 4 },
  countedAt: 1_764_000_000_123,
};

describe("parseUsage", () => {
  it("reads the three counts of a container, and when they were taken", () => {
    expect(parseUsage(COUNTS.join("\n"), "shop")).toEqual([USAGE]);
  });

  it("leaves out other namespaces, the pod as a whole, its sandbox, and what is not complete", () => {
    const others = ['container="",pod="web-1",namespace="shop"', WEB.replace("web", "POD")];
    const text = others.flatMap((labels) => [
      line("processes", labels, "1"),
      line("file_descriptors", labels, "1"),
      line("sockets", labels, "1"),
    ]);
    expect(parseUsage(text.join("\n"), "shop")).toEqual([]);
    expect(parseUsage(COUNTS.join("\n"), "default")).toEqual([]);
    expect(parseUsage(COUNTS.slice(0, 3).join("\n"), "shop")).toEqual([]);
  });
});

describe("readUsage", () => {
  const { signal } = new AbortController();
  let server: ScriptedApi;
  let cluster: Cluster;
  beforeEach(async () => {
    server = new ScriptedApi();
    await server.listen();
    server.on("GET /version", (_, response) => answerJson(response, { gitVersion: "v1.36.2" }));
    cluster = await connectCluster({ kubeconfig: server.kubeconfig, description: "ci" });
  });
  afterEach(async () => {
    await cluster.stop();
    await server.close();
  });

  it("asks each node, and takes a refusal for a node that does not tell", async () => {
    const path = (node: string) => `GET /api/v1/nodes/${node}/proxy/metrics/cadvisor`;
    server.on(path("a"), (_, response) => response.end(COUNTS.join("\n")));
    server.on(path("b"), (_, response) => refuse(response, 403, "Forbidden", "no"));
    expect(await cluster.readUsage("shop", ["a", "b"], signal)).toEqual([USAGE]);
  });
});
