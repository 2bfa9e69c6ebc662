import { describe, expect, it } from "vitest";
import { A_DEPLOYMENT, aCluster, anUndoLog } from "#disruptions/testing/a-cluster.ts";
import type { UndoStep } from "#domain/undo-step.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { ObjectPatch } from "#ports/cluster-objects.ts";
import { describePutBack, putBack, putBackLimitMs, stepsOfEnd } from "./put-back.ts";

const { signal } = new AbortController();
const object = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" };
const replicas = (before: number, after: number): UndoStep => ({
  type: "field",
  object,
  path: "/spec/replicas",
  before,
  after,
});

function clusterWith(stored: KubernetesObject | undefined, operations: Partial<Cluster> = {}) {
  const patches: ObjectPatch[] = [];
  const cluster = aCluster({
    readObject: async () => stored,
    patchObject: async (_ref, patch) => {
      patches.push(patch);
      return { type: "patched", object: A_DEPLOYMENT };
    },
    ...operations,
  });
  return { cluster, patches };
}

const withReplicas = (count: number) => ({ ...A_DEPLOYMENT, spec: { replicas: count } });

async function putBackAll(steps: readonly UndoStep[], cluster: Cluster) {
  const undo = anUndoLog(...steps);
  const done = await putBack({ undo, cluster, wanted: steps }, signal);
  return { told: done.map(describePutBack), left: undo.steps, ended: undo.ended };
}

describe("putting back", () => {
  it("sets the value of before if ours is still there, and asks the server to compare too", async () => {
    const { cluster, patches } = clusterWith(withReplicas(5));
    expect(await putBackAll([replicas(2, 5)], cluster)).toEqual({
      told: ["Deployment shop/web: /spec/replicas restored"],
      left: [],
      ended: true,
    });
    expect(patches).toEqual([
      {
        type: "json",
        body: [
          { op: "test", path: "/spec/replicas", value: 5 },
          { op: "replace", path: "/spec/replicas", value: 2 },
        ],
      },
    ]);
  });

  it("sets no value of in between when a field was changed twice", async () => {
    const { cluster, patches } = clusterWith(withReplicas(2));
    const { told } = await putBackAll([replicas(2, 5), replicas(5, 2)], cluster);
    expect(told).toEqual(["Deployment shop/web: /spec/replicas is as it was"]);
    expect(patches).toEqual([]);
  });

  it("finds the second of two changes not made yet", async () => {
    const { cluster, patches } = clusterWith(withReplicas(5));
    await putBackAll([replicas(2, 5), replicas(5, 8)], cluster);
    expect(patches).toMatchObject([{ body: [{ value: 5 }, { value: 2 }] }]);
  });

  it("leaves what somebody else has set since", async () => {
    const { cluster, patches } = clusterWith(withReplicas(7));
    expect(await putBackAll([replicas(2, 5)], cluster)).toEqual({
      told: ["Deployment shop/web: /spec/replicas left alone: somebody else has changed it since"],
      left: [],
      ended: true,
    });
    expect(patches).toEqual([]);
  });

  it("leaves what somebody else has set in the last moment", async () => {
    const { cluster } = clusterWith(withReplicas(5), {
      patchObject: async () => ({ type: "conflict", message: "test failed" }),
    });
    const { told } = await putBackAll([replicas(2, 5)], cluster);
    expect(told).toEqual([expect.stringContaining("left alone")]);
  });

  it("removes a field that was not there before", async () => {
    const node = { ...A_DEPLOYMENT, spec: { unschedulable: true } };
    const { cluster, patches } = clusterWith(node);
    const path = "/spec/unschedulable";
    await putBackAll([{ type: "field", object, path, after: true }], cluster);
    expect(patches[0]?.body).toEqual([
      { op: "test", path, value: true },
      { op: "remove", path },
    ]);
  });

  it("keeps in the log what could not be put back, for another try, and goes on with the rest", async () => {
    const { cluster } = clusterWith(withReplicas(5), {
      patchObject: async (_ref, { body }) => {
        if (JSON.stringify(body).includes("replicas")) throw new Error("no answer");
        return { type: "patched", object: A_DEPLOYMENT };
      },
    });
    const other: UndoStep = {
      type: "field",
      object,
      path: "/spec/paused",
      before: true,
      after: undefined,
    };
    const { told, left, ended } = await putBackAll([replicas(2, 5), other], cluster);
    expect(told).toEqual([
      "Deployment shop/web: /spec/paused restored",
      "Deployment shop/web: /spec/replicas could not be restored: no answer",
    ]);
    expect(left).toEqual([replicas(2, 5)]);
    expect(ended).toBe(false); // or `lastcall cleanup` takes it for left on purpose
  });

  it("removes what the run made only while it carries the run's label", async () => {
    const created: UndoStep = { type: "created", object };
    const deleted: unknown[] = [];
    const deleteObject: Cluster["deleteObject"] = async (_ref, options) => {
      deleted.push(options);
      return "deleted";
    };
    const foreign = clusterWith(A_DEPLOYMENT, { deleteObject });
    expect((await putBackAll([created], foreign.cluster)).told).toEqual([
      expect.stringContaining("left alone: it does not carry the label"),
    ]);
    expect(deleted).toEqual([]);
    const labels = { "app.kubernetes.io/managed-by": "lastcall" };
    const metadata = { ...A_DEPLOYMENT.metadata, labels, uid: "u1" };
    const own = clusterWith({ ...A_DEPLOYMENT, metadata }, { deleteObject });
    expect((await putBackAll([created], own.cluster)).told).toEqual([
      "Deployment shop/web restored",
    ]);
    expect(deleted).toEqual([{ uid: "u1", propagation: "Background" }]);
  });
});

describe("the end of a run", () => {
  const restart: UndoStep = {
    type: "field",
    object,
    path: "/spec/template",
    after: 1,
    stays: true,
  };
  const image: UndoStep = { type: "field", object, path: "/spec/template", after: 2 };
  const created: UndoStep = { type: "created", object };

  it("leaves a restart, unless the run broke off", () => {
    expect(stepsOfEnd([restart, replicas(2, 5)], false)).toEqual([replicas(2, 5)]);
    expect(stepsOfEnd([restart, replicas(2, 5)], true)).toEqual([restart, replicas(2, 5)]);
  });

  it("takes a restart back with the image of the same template", () => {
    expect(stepsOfEnd([image, restart], false)).toEqual([image, restart]);
  });

  it("keeps what the run made, and keeps it in mind", async () => {
    expect(stepsOfEnd([created], true)).toEqual([]);
    const undo = anUndoLog(created, replicas(2, 5));
    const { cluster } = clusterWith(withReplicas(5));
    await putBack({ undo, cluster, wanted: stepsOfEnd(undo.steps, true) }, signal);
    expect(undo.steps).toEqual([created]);
  });
});

it("leaves each machine the time that it takes to come back", () => {
  const machine = (node: string): UndoStep => ({ type: "machine", node, namespace: "shop" });
  const without = putBackLimitMs([replicas(2, 4)]);
  const withOne = putBackLimitMs([machine("node-1"), machine("node-1")]);
  expect(withOne).toBeGreaterThan(without + 120_000);
  expect(putBackLimitMs([machine("node-1"), machine("node-2")]) - withOne).toBe(withOne - without);
});
