import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "#domain/workload.ts";
import { chooseNodes } from "./choose-nodes.ts";
import { performDisruption } from "./perform-disruption.ts";
import { aCluster, aReadyPod, endpointsAt, podAt, settledAt, WEB } from "./testing/a-cluster.ts";
import { aContext } from "./testing/a-context.ts";
import { Recording } from "./testing/recording.ts";

const CONTROL_PLANE = [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }];

function aNode(name: string, taints?: readonly object[]): KubernetesObject {
  const status = { conditions: [{ type: "Ready", status: "True" }] };
  return { apiVersion: "v1", kind: "Node", metadata: { name }, spec: { taints }, status };
}

/** Pods by the nodes that carry them, on a cluster of these nodes. */
function contextOf(pods: Readonly<Record<string, string>>, nodes: readonly KubernetesObject[]) {
  const recording = new Recording([
    ...Object.entries(pods).map(([name, node]) => podAt(-1, aReadyPod(name, { node }))),
    endpointsAt(-1, ...Object.keys(pods)),
    settledAt(-1, Object.keys(pods).length),
  ]);
  const listObjects = async ({ kind }: { readonly kind: string }) => (kind === "Node" ? nodes : []);
  return aContext(recording, aCluster({ listObjects }), { maxDisruptedRatio: 0.5 });
}

const KIND = [aNode("ci-control-plane", CONTROL_PLANE), aNode("ci-worker"), aNode("ci-worker2")];

describe("the choice of nodes", () => {
  it("takes those that carry most of the workload", async () => {
    const context = contextOf({ a: "ci-worker", b: "ci-worker2", c: "ci-worker2" }, KIND);
    expect(await chooseNodes({ workload: WEB, count: 1 }, context)).toEqual(["ci-worker2"]);
  });

  it("does not count on a node whose taint keeps pods away to take them over", async () => {
    const two = KIND.slice(0, 2);
    const context = contextOf({ a: "ci-worker", b: "ci-worker" }, two);
    await expect(chooseNodes({ workload: WEB, count: 1 }, context)).rejects.toMatchObject({
      code: "NO_OTHER_NODE",
      message: expect.stringContaining("only 1 are ready"),
    });
  });

  it("counts on a tainted node that carries pods of the workload all the same", async () => {
    const two = KIND.slice(0, 2);
    const context = contextOf({ a: "ci-worker", b: "ci-control-plane" }, two);
    expect(await chooseNodes({ workload: WEB, count: 1 }, context)).toEqual(["ci-control-plane"]);
  });

  it("says why one node has all the pods where that is refused", async () => {
    const context = contextOf({ a: "ci-worker", b: "ci-worker" }, KIND);
    const drain = { type: "drain-nodes", workload: WEB, count: 1 } as const;
    await expect(performDisruption(drain, context)).rejects.toMatchObject({
      code: "TOO_MANY_AT_ONCE",
      hint: expect.stringContaining("A volume that one node alone can mount"),
    });
  });
});
