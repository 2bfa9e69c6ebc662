import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import { isActive, readyEndpoints } from "#domain/cluster-view.ts";
import { rebuildTerminations } from "#domain/rebuild-terminations.ts";
import type { KubernetesObject, WorkloadRef } from "#domain/workload.ts";
import { type EmbeddedCluster, startCluster } from "#embedded/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import { IMAGES, startWorkbench } from "./workbench.ts";

/*
 * What no request to the API can do: machines that are turned off or lost, and signals. The cluster notices a lost
 * node after 4 s here.
 */
const { signal } = new AbortController();
let embedded: EmbeddedCluster;
let cluster: Cluster;
let namespaces = 0;
let workload: WorkloadRef;
let bench: Awaited<ReturnType<typeof startWorkbench>>;

beforeAll(async () => {
  embedded = await startCluster({ images: IMAGES, dataPathDelayMs: 10, nodeMonitorGraceMs: 4_000 });
  const { kubeconfig } = embedded;
  cluster = await connectCluster({ kubeconfig, description: "embedded" });
}, 30_000);

afterAll(async () => {
  await cluster.stop();
  await embedded.stop();
});

beforeEach(async () => {
  namespaces += 1;
  workload = { kind: "Deployment", namespace: `machines-${namespaces}`, name: "web" };
  bench = await startWorkbench(cluster, workload);
}, 30_000);

afterEach(async () => {
  await bench.putBack(true);
  await bench.stop();
  const namespace = { apiVersion: "v1", kind: "Namespace", name: workload.namespace };
  await cluster.deleteObject(namespace, {}, signal);
}, 30_000);

const nodes = () => cluster.listObjects({ apiVersion: "v1", kind: "Node" }, signal);
const pods = () => [...bench.observed.view.pods.values()];
const terminations = () => rebuildTerminations(bench.seen);

interface NodeFields {
  readonly spec: object;
  readonly status: { readonly conditions: { type: string; status: string; reason: string }[] };
}

function readiness(node: KubernetesObject): string {
  const { status } = node as unknown as NodeFields; // a Node
  const ready = status.conditions.find(({ type }) => type === "Ready");
  return `${ready?.status} ${ready?.reason}`;
}

/** Which node was taken, by the pods that were there. */
function takenNode(): string {
  const actions = bench.seen.flatMap((each) => (each.type === "action" ? [each.object] : []));
  return actions.find((object) => object.startsWith("node/"))?.slice("node/".length) ?? "";
}

describe("a node", { timeout: 60_000 }, () => {
  it("is shut down in order: its pods end with SIGTERM and without a deletion, and come up elsewhere", async () => {
    const before = await nodes();
    await bench.perform({ type: "shut-down-nodes", workload, count: 1 });
    expect(bench.actions()).toEqual(["shut-down off"]);
    const node = takenNode();
    const ended = pods().filter((pod) => pod.node === node);
    expect(ended.map(({ phase, deletionTimestamp }) => [phase, deletionTimestamp])).toEqual([
      ["Succeeded", undefined],
    ]);
    expect(pods().filter((pod) => isActive(pod) && pod.node !== node)).toHaveLength(3);
    expect(terminations()).toEqual([
      expect.objectContaining({
        pod: ended[0]?.name,
        exits: [expect.objectContaining({ exitCode: 0, forced: false })],
        endpointNotReadyAtMs: expect.any(Number),
        goneAtMs: expect.any(Number),
      }),
    ]);
    expect(await bench.putBack(false)).toMatchObject([{ outcome: { type: "restored" } }]);
    await expect.poll(nodes, { timeout: 5_000 }).toEqual(
      before.map(({ metadata, spec }) =>
        expect.objectContaining({
          metadata: expect.objectContaining({ name: metadata.name }),
          spec,
        }),
      ),
    );
    await expect.poll(() => pods().length).toBe(3); // what ended with the node is removed
  });

  it("is lost: nobody is told, and its pods are replaced when the cluster gives them up", async () => {
    const before = (await nodes()).map((node) => node["spec"]);
    await bench.perform({ type: "lose-nodes", workload, count: 1 });
    const node = takenNode();
    const lost = pods().find((pod) => pod.node === node);
    expect(lost?.deletionTimestamp).toBeDefined();
    expect(readyEndpoints(bench.observed.view)).toHaveLength(3);
    expect(readyEndpoints(bench.observed.view)).not.toContain(lost?.name);
    const found = (await nodes()).find(({ metadata }) => metadata.name === node);
    expect(found && readiness(found)).toBe("Unknown NodeStatusUnknown");
    const [termination] = terminations();
    expect(termination).toMatchObject({ pod: lost?.name, exits: [] });
    const { deletionRequestedAtMs = 0, endpointNotReadyAtMs = 0 } = termination ?? {};
    expect(endpointNotReadyAtMs - deletionRequestedAtMs).toBeGreaterThan(2_000);
    await bench.perform({ type: "turn-on-nodes", workload });
    expect(bench.undo.steps).toEqual([]);
    await expect
      .poll(async () => (await nodes()).map((each) => each["spec"]), { timeout: 10_000 })
      .toEqual(before);
    // The kubelet is back and ends what was given up.
    await expect.poll(() => pods().length, { timeout: 10_000 }).toBe(3);
  });

  it("is left alone when the load comes in by it", async () => {
    const addresses = (await nodes()).flatMap((node) => {
      const { status } = node as unknown as { status: { addresses: { address: string }[] } };
      return status.addresses.map(({ address }) => address);
    });
    const perform = bench.perform(
      { type: "lose-nodes", workload, count: 1 },
      { entrances: addresses },
    );
    await expect(perform).rejects.toMatchObject({
      code: "NO_TARGET",
      message: expect.stringContaining("must stay for the load"),
    });
    expect(bench.actions()).toEqual([]);
  });

  it("is left alone when more of the pods are there than may be taken at once", async () => {
    const perform = bench.perform(
      { type: "shut-down-nodes", workload, count: 1 },
      { maxDisruptedRatio: 0.1 },
    );
    await expect(perform).rejects.toMatchObject({ code: "TOO_MANY_AT_ONCE" });
    expect(bench.actions()).toEqual([]);
    expect(bench.undo.steps).toEqual([]);
  });

  it("is left alone when it carries a pod that nobody would make again", async () => {
    const containers = [{ name: "app", image: "node", command: ["sleep", "60"] }];
    const [first] = pods().toSorted((a, b) => (a.node ?? "").localeCompare(b.node ?? ""));
    const metadata = { name: "lonely", namespace: workload.namespace };
    const spec = { nodeName: first?.node, terminationGracePeriodSeconds: 1, containers };
    await cluster.createObject({ apiVersion: "v1", kind: "Pod", metadata, spec }, signal);
    const perform = bench.perform({ type: "lose-nodes", workload, count: 1 });
    await expect(perform).rejects.toMatchObject({
      code: "UNMANAGED_PODS",
      message: expect.stringContaining("Could not lose node"),
    });
    expect(bench.actions()).toEqual([]);
  });
});

describe("a signal", { timeout: 60_000 }, () => {
  it.each([
    ["SIGTERM", 0],
    ["SIGKILL", 137],
  ] as const)("%s ends the container, and the same pod comes back", async (name, exitCode) => {
    const before = pods().map(({ uid }) => uid);
    await bench.perform({ type: "signal-pods", workload, signal: name, count: 1 });
    expect(bench.actions()).toEqual([`signal sent ${name} to app`]);
    expect(pods().map(({ uid }) => uid)).toEqual(before);
    expect(pods().flatMap(({ containers }) => containers.map((one) => one.restartCount))).toEqual(
      expect.arrayContaining([1, 0, 0]),
    );
    expect(terminations()).toEqual([
      expect.objectContaining({ exits: [expect.objectContaining({ exitCode, forced: false })] }),
    ]);
    expect(bench.undo.steps).toEqual([]);
  });

  it("that PID 1 has no handler for ends nothing, and that is no error", async () => {
    const quick = { deadlineMs: 500 };
    await bench.perform({ type: "signal-pods", workload, signal: "SIGQUIT", count: 1 }, quick);
    expect(bench.actions()).toEqual(["signal sent SIGQUIT to app"]);
    expect(terminations()).toEqual([]);
    expect(pods().every(({ ready }) => ready)).toBe(true);
  });
});
