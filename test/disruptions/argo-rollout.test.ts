import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startEmbeddedCluster } from "#clusters/embedded-cluster.ts";
import { workloadRef } from "#domain/object-ref.ts";
import { rebuildTerminations } from "#domain/rebuild-terminations.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";
import { controlRollout, ROLLOUT_DEFINITION } from "#test/fixtures/rollout-controller.ts";
import { IMAGES, startWorkbench } from "./workbench.ts";

vi.mock("@cucumber/cucumber", () => ({ Given: () => {}, When: () => {}, Then: () => {} }));
const { disruptionsOfStep } = await import("../../features/support/read-disruptions.ts");

/*
 * From the sentence of a feature to the pods that leave: Argo Rollouts are objects of a custom resource here, as they
 * are anywhere, and a small stand-in does what their controller would.
 */
const { signal } = new AbortController();
let cluster: Cluster;
let namespaces = 0;
let workload: WorkloadRef;
let bench: Awaited<ReturnType<typeof startWorkbench>>;
let stopped: AbortController;
let controller: Promise<void>;

beforeAll(async () => {
  cluster = await startEmbeddedCluster({ images: IMAGES, dataPathDelayMs: 10 });
  await cluster.createObject(ROLLOUT_DEFINITION, signal);
});

afterAll(() => cluster.stop());

beforeEach(async () => {
  namespaces += 1;
  workload = { kind: "Deployment", namespace: `argo-${namespaces}`, name: "web" };
  bench = await startWorkbench(cluster, workload);
  stopped = new AbortController();
}, 30_000);

afterEach(async () => {
  stopped.abort();
  await controller;
  await bench.stop();
}, 30_000);

const rollout = () => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  namespace: workload.namespace,
  name: "web",
});

/** A Rollout that waits between two steps of its update, or has none, and somebody who looks after it. */
async function startRollout(phase: "Paused" | "Healthy"): Promise<void> {
  const { apiVersion, kind, namespace, name } = rollout();
  const workloadReference = { apiVersion: "apps/v1", kind: "Deployment", name };
  const spec = { workloadRef: workloadReference };
  await cluster.createObject({ apiVersion, kind, metadata: { name, namespace }, spec }, signal);
  const pauseConditions = phase === "Paused" ? [{ reason: "CanaryPauseStep" }] : undefined;
  const body = { status: { phase, ...(pauseConditions && { pauseConditions }) } };
  await cluster.patchObject(rollout(), { type: "merge", body, subresource: "status" }, signal);
  const controlled = { cluster, rollout: rollout(), deployment: workloadRef(workload) };
  controller = controlRollout(controlled, stopped.signal).catch((error: unknown) => {
    if (!stopped.signal.aborted) throw error;
  });
}

async function say(text: string): Promise<void> {
  for (const disruption of disruptionsOfStep({ text, rows: undefined }, workload))
    await bench.perform(disruption);
}

const statusNow = async () => (await cluster.readObject(rollout(), signal))?.["status"];
const left = () => rebuildTerminations(bench.seen).filter(({ goneAtMs }) => goneAtMs !== undefined);

describe("an Argo Rollout", { timeout: 60_000 }, () => {
  it("is restarted by its spec, and each pod that leaves is one termination", async () => {
    await startRollout("Healthy");
    const before = [...bench.observed.view.pods.values()].map(({ name }) => name);
    await say('the Argo Rollout "web" is restarted');
    const spec = (await cluster.readObject(rollout(), signal))?.["spec"] as { restartAt: string };
    expect(await statusNow()).toMatchObject({ restartedAt: spec.restartAt });
    expect(bench.actions()).toEqual([`restart at ${spec.restartAt}`]);
    await expect.poll(left, { timeout: 20_000 }).toHaveLength(3);
    expect(left().map(({ pod }) => pod)).toEqual(expect.arrayContaining(before));
    expect(left().flatMap(({ exits }) => exits.map(({ exitCode }) => exitCode))).toEqual([0, 0, 0]);
    await bench.putBack(false);
    expect((await cluster.readObject(rollout(), signal))?.["spec"]).toEqual(spec); // a restart stays
  });

  it.each([
    ['the Argo Rollout "web" is promoted', "promote patched", "Healthy", "2"],
    ['the Argo Rollout "web" is aborted', "abort patched", "Degraded", "1"],
  ])("%s by its status", async (text, action, phase, revision) => {
    await startRollout("Paused");
    await say(text);
    expect(bench.actions()).toEqual([action]);
    expect(await statusNow()).toMatchObject({ phase });
    const spec = (await cluster.readObject(workloadRef(workload), signal))?.["spec"];
    expect(spec).toMatchObject({ template: { metadata: { annotations: { revision } } } });
    await expect.poll(left, { timeout: 20_000 }).toHaveLength(3);
    expect(left().every(({ exits }) => exits.length === 1)).toBe(true);
  });

  it("that nobody looks after is told as stuck", async () => {
    await startRollout("Paused");
    stopped.abort();
    await controller;
    const [promotion] = disruptionsOfStep(
      { text: 'the Argo Rollout "web" is promoted', rows: undefined },
      workload,
    );
    if (promotion === undefined) throw new Error("the sentence says a promotion");
    await expect(bench.perform(promotion, { deadlineMs: 300 })).rejects.toMatchObject({
      code: "ROLLOUT_STUCK",
      message: expect.stringContaining("its phase is Paused"),
    });
  });
});
