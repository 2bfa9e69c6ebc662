import { describe, expect, it } from "vitest";
import { LOAD_WORKER_LABEL } from "#domain/load-worker.ts";
import { podsOnNode } from "./pods-on-node.ts";
import { aCluster } from "./testing/a-cluster.ts";

describe("podsOnNode", () => {
  it("leaves out the pods that offer the load: a drain of them would end the measuring", async () => {
    const pod = (name: string, labels: Readonly<Record<string, string>>) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "shop", labels },
    });
    const pods = [pod("web-1", { app: "web" }), pod("load-0", { [LOAD_WORKER_LABEL]: "r1" })];
    const cluster = aCluster({ listObjects: async () => pods });
    const found = await podsOnNode("node-1", cluster, new AbortController().signal);
    expect(found.map(({ name }) => name)).toEqual(["web-1"]);
  });
});
