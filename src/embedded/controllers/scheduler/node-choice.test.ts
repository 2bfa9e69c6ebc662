import { describe, expect, it } from "vitest";
import type { Node, OwnerReference, Pod } from "#embedded/api/objects.ts";
import { aNode, aPod } from "#embedded/controllers/testing/builders.ts";
import { chooseNode } from "./node-choice.ts";

const NODES = [aNode("node-1"), aNode("node-2"), aNode("node-3")];
const ownerOf = (uid: string): OwnerReference[] => [
  { apiVersion: "apps/v1", kind: "ReplicaSet", name: uid, uid, controller: true },
];
const owned = (name: string, owner: string, node = "") =>
  aPod(name, { metadata: { ownerReferences: ownerOf(owner) }, spec: { nodeName: node } });
const on = (node: Node, ...pods: Pod[]) => pods.map((pod) => ({ pod, node }));
const [first, second, third] = NODES as [Node, Node, Node];

const chosen = (pod: Pod, nodes: readonly Node[], placed = on(first)) => {
  const choice = chooseNode(pod, nodes, placed);
  return choice.type === "node" ? choice.node.metadata.name : choice.message;
};
const affinityTo = (kind: string, topologyKey = "kubernetes.io/hostname") => ({
  affinity: {
    [kind]: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey, labelSelector: { matchLabels: { app: "web" } } },
      ],
    },
  },
});

describe("chooseNode", () => {
  it("spreads the pods of one owner, whatever else is on the nodes", () => {
    const placed = [
      ...on(first, owned("a", "web")),
      ...on(second, owned("x", "other"), owned("y", "other")),
      ...on(third, owned("b", "web")),
    ];
    expect(chosen(owned("c", "web"), NODES, placed)).toBe("node-2");
  });

  it("takes the emptiest node when the owner's pods are spread evenly", () => {
    const placed = [...on(first, owned("x", "other")), ...on(second, owned("y", "other"))];
    expect(chosen(owned("a", "web"), NODES, placed)).toBe("node-3");
  });

  it.each([
    ["is cordoned", { spec: { unschedulable: true } }, "1 node(s) were unschedulable"],
    [
      "has a taint",
      { spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] } },
      "1 node(s) had untolerated taint(s)",
    ],
    [
      "is not Ready",
      { status: { conditions: [{ type: "Ready", status: "False" as const }] } },
      "1 node(s) had untolerated taint(s)",
    ],
  ])("refuses a node that %s, and says so", (_state, over, reason) => {
    expect(chosen(owned("a", "web"), [aNode("n", over)])).toBe(
      `0/1 nodes are available: ${reason}. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
    );
  });

  it("puts a pod on a tainted node that it tolerates", () => {
    const tainted = aNode("n", {
      spec: { taints: [{ key: "gpu", value: "a", effect: "NoSchedule" }] },
    });
    const tolerations = [{ key: "gpu", operator: "Equal" as const, value: "a" }];
    expect(chosen(aPod("a", { spec: { nodeName: "", tolerations } }), [tainted])).toBe("n");
  });

  it("obeys node selectors and required node affinity", () => {
    const nodeSelector = { "kubernetes.io/hostname": "node-2" };
    expect(chosen(aPod("a", { spec: { nodeName: "", nodeSelector } }), NODES)).toBe("node-2");
    const matchFields = [{ key: "metadata.name", operator: "In", values: ["node-3"] }];
    const affinity = {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
      },
    };
    expect(chosen(aPod("a", { spec: { nodeName: "", affinity } }), NODES)).toBe("node-3");
  });

  it("keeps pods apart that want to be", () => {
    const apart = (name: string) =>
      aPod(name, { spec: { nodeName: "", ...affinityTo("podAntiAffinity") } });
    const placed = [...on(first, aPod("x")), ...on(second, aPod("y"))];
    expect(chosen(apart("a"), NODES, placed)).toBe("node-3");
    expect(chosen(apart("a"), [first, second], placed)).toContain(
      "2 node(s) didn't match pod anti-affinity rules",
    );
  });

  it("keeps a pod away from one that wants to be alone", () => {
    const loner = aPod("x", { spec: affinityTo("podAntiAffinity") });
    expect(chosen(aPod("a"), [first], on(first, loner))).toContain(
      "didn't satisfy existing pods anti-affinity rules",
    );
  });

  it("keeps pods together that want to be, and lets the first of them start anywhere", () => {
    const together = aPod("a", { spec: { nodeName: "", ...affinityTo("podAffinity") } });
    expect(chosen(together, NODES, on(second, aPod("x")))).toBe("node-2");
    expect(chosen(together, NODES, [])).toBe("node-1");
  });

  it("counts room and host ports against the pods that are there, terminating ones included", () => {
    const full = aNode("n", { status: { ...aNode("n").status, allocatable: { pods: "1" } } });
    const leaving = aPod("x", { metadata: { deletionTimestamp: "2026-11-24T12:00:00Z" } });
    expect(chosen(aPod("a"), [full], on(full, leaving))).toContain(
      "1 Too many pods. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found",
    );
    const ports = [{ containerPort: 80, hostPort: 80 }];
    const withPort = (name: string) =>
      aPod(name, { spec: { containers: [{ name: "c", image: "i", ports }] } });
    expect(chosen(withPort("a"), [first], on(first, withPort("b")))).toContain(
      "1 node(s) didn't have free ports",
    );
  });

  it("says so when there is no node at all", () => {
    expect(chosen(aPod("a"), [])).toBe("no nodes available to schedule pods");
  });
});
