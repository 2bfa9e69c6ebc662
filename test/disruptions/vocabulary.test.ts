import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startEmbeddedCluster } from "#clusters/embedded-cluster.ts";
import { workloadRef } from "#domain/object-ref.ts";
import type { KubernetesObject, WorkloadRef } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";
import { IMAGES, startWorkbench } from "./workbench.ts";

/*
 * Every disruption on the embedded cluster: what it does, and that what it changed can be put back.
 */
const { signal } = new AbortController();
let cluster: Cluster;
let namespaces = 0;
let workload: WorkloadRef;
let bench: Awaited<ReturnType<typeof startWorkbench>>;

beforeAll(async () => {
  cluster = await startEmbeddedCluster({ images: IMAGES, dataPathDelayMs: 10 });
});

afterAll(async () => {
  await cluster.stop();
});

beforeEach(() => {
  namespaces += 1;
  workload = { kind: "Deployment", namespace: `test-${namespaces}`, name: "web" };
});

afterEach(async () => {
  await bench.stop();
  const namespace = { apiVersion: "v1", kind: "Namespace", name: workload.namespace };
  await cluster.deleteObject(namespace, {}, signal);
});

async function specNow(): Promise<Record<string, unknown>> {
  const object = await cluster.readObject(workloadRef(workload), signal);
  return object?.["spec"] as Record<string, unknown>; // a workload of the API
}

const nodes = () => cluster.listObjects({ apiVersion: "v1", kind: "Node" }, signal);
const specsOfNodes = async () => (await nodes()).map((node) => node["spec"]);
const pods = () => [...bench.observed.view.pods.values()];

describe("a rolling update", () => {
  it.each([
    { type: "image", image: "node:other" },
    { type: "env", name: "COLOUR", value: "blue" },
    { type: "annotation", name: "example.com/release", value: "2" },
  ] as const)("by $type replaces every pod and can be put back", async (change) => {
    bench = await startWorkbench(cluster, workload);
    const before = await specNow();
    const old = new Set(bench.observed.view.pods.keys());
    await bench.perform({ type: "rolling-update", workload, change });
    expect(new Set(bench.observed.view.pods.keys()).isDisjointFrom(old)).toBe(true);
    expect(await specNow()).not.toEqual(before);
    await bench.putBack(false);
    expect(await specNow()).toEqual(before);
    expect(bench.undo.steps).toEqual([]);
  });

  it("that changes nothing is refused", async () => {
    bench = await startWorkbench(cluster, workload);
    const change = { type: "image", image: "node" } as const;
    await expect(bench.perform({ type: "rolling-update", workload, change })).rejects.toMatchObject(
      { code: "NOTHING_TO_ROLL_OUT" },
    );
    expect(bench.actions()).toEqual([]);
  });

  it("by restart stays after a run that came to its end, and goes when it broke off", async () => {
    bench = await startWorkbench(cluster, workload);
    const before = await specNow();
    await bench.perform({ type: "rolling-update", workload });
    const after = await specNow();
    const steps = [...bench.undo.steps];
    await bench.putBack(false);
    expect(await specNow()).toEqual(after);
    for (const step of steps) await bench.undo.record(step);
    await bench.putBack(true);
    expect(await specNow()).toEqual(before);
  });

  it.each(["Deployment", "StatefulSet", "DaemonSet"] as const)(
    "of a %s is undone",
    async (kind) => {
      workload = { ...workload, kind };
      bench = await startWorkbench(cluster, workload);
      const before = await specNow();
      const change = { type: "env", name: "COLOUR", value: "blue" } as const;
      await bench.perform({ type: "rolling-update", workload, change });
      const old = new Set(bench.observed.view.pods.keys());
      await bench.perform({ type: "rollout-undo", workload });
      expect(await specNow()).toEqual(before);
      expect(new Set(bench.observed.view.pods.keys()).isDisjointFrom(old)).toBe(true);
      await bench.putBack(false);
      expect(await specNow()).toEqual(before);
    },
  );

  it("cannot be undone when there was none", async () => {
    bench = await startWorkbench(cluster, workload);
    await expect(bench.perform({ type: "rollout-undo", workload })).rejects.toMatchObject({
      code: "NO_PREVIOUS_REVISION",
    });
  });
});

describe("an eviction", () => {
  async function addBudget(minAvailable: number): Promise<void> {
    const selector = { matchLabels: { app: "web" } };
    const metadata = { name: "web-budget", namespace: workload.namespace };
    const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata };
    await cluster.createObject({ ...budget, spec: { minAvailable, selector } }, signal);
    // The budget allows nothing before its controller has counted the pods.
    const ref = { ...budget, ...metadata };
    for (let tries = 0; tries < 100; tries += 1) {
      const status = (await cluster.readObject(ref, signal))?.["status"] as
        | { readonly expectedPods?: number }
        | undefined;
      if (status?.expectedPods === 3) return;
      await bench.context.clock.sleep(50, signal);
    }
    throw new Error("The budget was never counted.");
  }

  it("waits for the budget, pod by pod", async () => {
    bench = await startWorkbench(cluster, workload);
    await addBudget(2);
    const before = new Set(bench.observed.view.pods.keys());
    await bench.perform({ type: "evict-pods", workload, count: 2 });
    const evictions = bench.actions();
    expect(evictions.filter((action) => action === "evict evicted")).toHaveLength(2);
    expect(evictions[1]).toMatch(/^evict refused by budget web-budget: /);
    expect(new Set(bench.observed.view.pods.keys()).intersection(before).size).toBe(1);
  });

  it("that a budget never allows is told and is no error", async () => {
    bench = await startWorkbench(cluster, workload);
    await addBudget(3);
    const before = [...bench.observed.view.pods.keys()];
    await bench.perform({ type: "evict-pods", workload, count: 1 }, { deadlineMs: 100 });
    expect(bench.actions()).toEqual([expect.stringMatching(/^evict refused by budget web-budget/)]);
    expect([...bench.observed.view.pods.keys()]).toEqual(before);
  });
});

describe("scaling", () => {
  it("goes down and up again", async () => {
    bench = await startWorkbench(cluster, workload);
    await bench.perform({ type: "scale", workload, replicas: 1, andBack: true });
    expect(bench.actions()).toEqual(["scale to 1", "scale to 3"]);
    expect(pods()).toHaveLength(3);
    const spec = await specNow();
    await bench.putBack(false);
    expect(await specNow()).toEqual(spec);
  });

  it("is put back", async () => {
    bench = await startWorkbench(cluster, workload);
    const before = await specNow();
    await bench.perform({ type: "scale", workload, replicas: 1 });
    await bench.putBack(false);
    expect(await specNow()).toEqual(before);
  });
});

describe("a node", () => {
  it("is cordoned without a pod that leaves, and uncordoned", async () => {
    bench = await startWorkbench(cluster, workload);
    const before = await specsOfNodes();
    const uids = [...bench.observed.view.pods.keys()];
    await bench.perform({ type: "cordon-nodes", workload, count: 1 });
    expect((await specsOfNodes()).filter(isUnschedulable)).toHaveLength(1);
    expect([...bench.observed.view.pods.keys()]).toEqual(uids);
    await bench.perform({ type: "uncordon-nodes", workload });
    expect(await specsOfNodes()).toEqual(before);
  });

  it("is drained: its pods go elsewhere, and it stays cordoned until the end", async () => {
    bench = await startWorkbench(cluster, workload);
    const before = await specsOfNodes();
    await bench.perform({ type: "drain-nodes", workload, count: 1 });
    const drained = (await nodes()).filter((node) => isUnschedulable(node["spec"]));
    expect(drained).toHaveLength(1);
    expect(pods().map(({ node }) => node)).not.toContain(drained[0]?.metadata.name);
    expect(pods()).toHaveLength(3);
    await bench.putBack(false);
    expect(await specsOfNodes()).toEqual(before);
  });

  it("is not drained when a pod of it would be lost for good", async () => {
    bench = await startWorkbench(cluster, workload);
    await addLonePod(workload.namespace);
    const before = await specsOfNodes();
    await expect(bench.perform({ type: "drain-nodes", workload, count: 1 })).rejects.toMatchObject({
      code: "UNMANAGED_PODS",
      message: expect.stringContaining(`${workload.namespace}/lonely`),
    });
    expect(await specsOfNodes()).toEqual(before);
  });

  it("is tainted: its pods are made to leave, and the taint goes at the end", async () => {
    bench = await startWorkbench(cluster, workload);
    const before = await specsOfNodes();
    await bench.perform({ type: "taint-nodes", workload, count: 1 });
    const tainted = (await nodes()).filter(
      (node) => (node["spec"] as { taints?: object[] }).taints !== undefined,
    );
    expect(tainted).toHaveLength(1);
    expect(pods().map(({ node }) => node)).not.toContain(tainted[0]?.metadata.name);
    await bench.putBack(false);
    expect(await specsOfNodes()).toEqual(before);
  });

  it("is left alone when nothing else could take its pods", async () => {
    bench = await startWorkbench(cluster, workload);
    await expect(bench.perform({ type: "drain-nodes", workload, count: 3 })).rejects.toMatchObject({
      code: "NO_OTHER_NODE",
    });
    expect(bench.actions()).toEqual([]);
  });

  /** On the node that the drain would choose. */
  async function addLonePod(namespace: string): Promise<void> {
    const [first] = pods().toSorted((a, b) => (a.node ?? "").localeCompare(b.node ?? ""));
    const containers = [{ name: "app", image: "node", command: ["sleep", "60"] }];
    const metadata = { name: "lonely", namespace };
    const spec = { nodeName: first?.node, terminationGracePeriodSeconds: 1, containers };
    await cluster.createObject({ apiVersion: "v1", kind: "Pod", metadata, spec }, signal);
  }
});

describe("a Job", () => {
  it("is deleted with its pods", async () => {
    bench = await startWorkbench(cluster, workload);
    const { namespace } = workload;
    const containers = [{ name: "app", image: "node", command: ["sleep", "60"] }];
    const template = {
      spec: { restartPolicy: "Never", terminationGracePeriodSeconds: 1, containers },
    };
    const job = { apiVersion: "batch/v1", kind: "Job", namespace, name: "report" };
    const object = { ...job, metadata: { name: "report", namespace }, spec: { template } };
    const { name: _, namespace: __, ...manifest } = object;
    await cluster.createObject(manifest, signal);
    await bench.perform({ type: "delete-job", job });
    expect(await cluster.readObject(job, signal)).toBeUndefined();
    const left = await cluster.listObjects(
      { apiVersion: "v1", kind: "Pod", namespace, labelSelector: "job-name=report" },
      signal,
    );
    expect(left).toEqual([]);
    await expect(bench.perform({ type: "delete-job", job })).rejects.toMatchObject({
      code: "NO_TARGET",
    });
  });
});

describe("a namespace", () => {
  it("is deleted only when its label says that it belongs to tests", async () => {
    bench = await startWorkbench(cluster, workload);
    const namespace = `spare-${namespaces}`;
    const object: KubernetesObject = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace },
    };
    await cluster.createObject(object, signal);
    await expect(bench.perform({ type: "delete-namespace", namespace })).rejects.toMatchObject({
      code: "NOT_TEST_OWNED",
      hint: expect.stringContaining(`kubectl label namespace ${namespace}`),
    });
    const labels = { "lastcall.dev/test-owned": "true" };
    const ref = { apiVersion: "v1", kind: "Namespace", name: namespace };
    await cluster.patchObject(ref, { type: "merge", body: { metadata: { labels } } }, signal);
    await bench.perform({ type: "delete-namespace", namespace });
    expect(await cluster.readObject(ref, signal)).toBeUndefined();
  });
});

function isUnschedulable(spec: unknown): boolean {
  return (spec as { readonly unschedulable?: boolean }).unschedulable === true; // of a node
}
