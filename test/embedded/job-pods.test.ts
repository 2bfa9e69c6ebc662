import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import { JOBS, PODS } from "#embedded/api/resources.ts";
import { type ControlPlane, Recording, startControlPlane } from "./control-plane.ts";

let cluster: ControlPlane;
let pods: Recording<Pod>;
let jobs: Recording<KubeObject>;

beforeAll(async () => {
  cluster = await startControlPlane({ nodes: ["node-1"], startMs: 5, stopMs: 30 });
  pods = await Recording.start<Pod>(cluster.client, PODS);
  jobs = await Recording.start<KubeObject>(cluster.client, JOBS);
});
afterAll(async () => {
  await Promise.all([pods.stop(), jobs.stop()]);
  await cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const create = (name: string, spec: object = {}) =>
  cluster.client.create<KubeObject>(JOBS, {
    ...{ apiVersion: "batch/v1", kind: "Job" },
    metadata: { name, namespace: "default" },
    spec: {
      template: {
        metadata: {},
        spec: { restartPolicy: "Never", containers: [{ name: "app", image: "app" }] },
      },
      ...spec,
    },
  });
const patch = ({ metadata: { name, uid } }: Pod, metadata: object) => {
  const body = { metadata: { uid, ...metadata } };
  return cluster.client.patch<Pod>(PODS, { name, namespace: "default", type: "merge", body });
};

describe("a Job", () => {
  it("takes an orphan of its own back, and lets go of a pod that it does not select any more", async () => {
    const job = await create("adopts");
    const isOwned = ({ metadata }: Pod) =>
      metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid) === true;
    const pod = await pods.until(isOwned);
    const orphan = await patch(pod, { ownerReferences: null });
    const adopted = await pods.until(
      (one) =>
        isOwned(one) &&
        one.metadata.uid === pod.metadata.uid &&
        Number(one.metadata.resourceVersion) > Number(orphan.metadata.resourceVersion),
    );
    expect(adopted.metadata.finalizers).toEqual(["batch.kubernetes.io/job-tracking"]);
    await patch(adopted, { labels: null });
    const released = await pods.until(
      (one) => one.metadata.uid === pod.metadata.uid && !isOwned(one),
    );
    expect(released.metadata.finalizers).toBeUndefined();
  });

  it("that somebody else manages is left alone", async () => {
    await create("theirs", { managedBy: "example.com/mine" });
    await create("ours");
    const hasStarted = (name: string) => (job: KubeObject) =>
      job.metadata.name === name && (job.status as { startTime?: string }).startTime !== undefined;
    await jobs.until(hasStarted("ours"));
    const theirs = await cluster.client.get<KubeObject>(JOBS, "theirs", "default");
    expect(theirs?.status).toEqual({});
  });
});
