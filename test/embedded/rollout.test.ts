import { afterEach, describe, expect, it } from "vitest";
import type { Deployment, KubeObject, Pod, ReplicaSet } from "#embedded/api/objects.ts";
import { DEPLOYMENTS, EVENTS, PODS, REPLICA_SETS } from "#embedded/api/resources.ts";
import { type ControlPlane, Recording, startControlPlane } from "./control-plane.ts";

const REVISION = "deployment.kubernetes.io/revision";

interface Strategy {
  readonly replicas: number;
  readonly rollingUpdate?: {
    readonly maxSurge: number | string;
    readonly maxUnavailable: number | string;
  };
}

function aDeployment({ replicas, rollingUpdate }: Strategy, version: string) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      ...(rollingUpdate === undefined ? {} : { strategy: { rollingUpdate } }),
      template: {
        metadata: { labels: { app: "web" }, annotations: { version } },
        spec: { containers: [{ name: "app", image: "app" }] },
      },
    },
  };
}

describe("a rollout", () => {
  let cluster: ControlPlane;
  const recordings: Recording<KubeObject>[] = [];

  afterEach(async () => {
    for (const recording of recordings.splice(0)) await recording.stop();
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  async function record<T extends KubeObject>(resource: Parameters<typeof Recording.start>[1]) {
    const recording = await Recording.start<T>(cluster.client, resource);
    recordings.push(recording as unknown as Recording<KubeObject>);
    return recording;
  }

  const isDone = ({ metadata, spec, status }: Deployment) =>
    status.observedGeneration === metadata.generation &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    status.availableReplicas === spec.replicas;

  async function roll(strategy: Strategy) {
    cluster = await startControlPlane({ nodes: ["node-1", "node-2"], startMs: 5, stopMs: 30 });
    const { client } = cluster;
    const deployments = await record<Deployment>(DEPLOYMENTS);
    await client.create<Deployment>(DEPLOYMENTS, aDeployment(strategy, "1"));
    const first = await deployments.until(isDone);
    const pods = await record<Pod>(PODS);
    const replicaSets = await record<ReplicaSet>(REPLICA_SETS);
    const { template } = aDeployment(strategy, "2").spec;
    await client.update<Deployment>(DEPLOYMENTS, {
      ...first,
      spec: { ...first.spec, template },
    });
    await deployments.until(
      (deployment) => deployment.metadata.generation === 2 && isDone(deployment),
    );
    return { deployments, pods, replicaSets };
  }

  /** The extremes, over all moments, of how many pods there were. */
  function extremes(pods: Recording<Pod>, since: number) {
    const present = new Map<string, Pod>();
    let [most, fewestReady] = [0, Number.POSITIVE_INFINITY];
    pods.events.forEach(({ type, object }, index) => {
      if (type === "DELETED") present.delete(object.metadata.uid);
      else present.set(object.metadata.uid, object);
      if (index < since) return;
      const active = [...present.values()].filter(
        ({ metadata, status }) =>
          metadata.deletionTimestamp === undefined && status.phase !== "Succeeded",
      );
      const ready = active.filter(({ status }) =>
        status.conditions?.some((one) => one.type === "Ready" && one.status === "True"),
      );
      most = Math.max(most, active.length);
      fewestReady = Math.min(fewestReady, ready.length);
    });
    return { most, fewestReady };
  }

  it.each([
    [
      { replicas: 3, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      { most: 4, fewestReady: 3 },
    ],
    [
      { replicas: 4, rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      { most: 4, fewestReady: 3 },
    ],
    [{ replicas: 10 }, { most: 13, fewestReady: 8 }],
  ])("never crosses the limits of %j", async (strategy, limits) => {
    const { pods } = await roll(strategy);
    const seen = extremes(pods, strategy.replicas);
    expect(seen.most).toBeLessThanOrEqual(limits.most);
    expect(seen.fewestReady).toBeGreaterThanOrEqual(limits.fewestReady);
    // The limits were used, so they were put to the test.
    expect(seen).toEqual(limits);
  });

  it("goes step by step as a real one with one surge pod does", async () => {
    await roll({ replicas: 3, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    const events = await record<KubeObject>(EVENTS);
    await events.until(({ ["message"]: message }) => /from 1 to 0$/.test(String(message)));
    const steps = events.events
      .filter(({ object }) => object["reason"] === "ScalingReplicaSet")
      .sort((a, b) => (a.object.metadata.name < b.object.metadata.name ? -1 : 1))
      .map(({ object }) => String(object["message"]).replace(/web-\S+/, "web"));
    expect(steps).toEqual([
      "Scaled up replica set web from 0 to 3",
      "Scaled up replica set web from 0 to 1",
      "Scaled down replica set web from 3 to 2",
      "Scaled up replica set web from 1 to 2",
      "Scaled down replica set web from 2 to 1",
      "Scaled up replica set web from 2 to 3",
      "Scaled down replica set web from 1 to 0",
    ]);
  });

  it("tells its progress in the Deployment's conditions as a real one does", async () => {
    const { deployments } = await roll({
      replicas: 3,
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
    const told = deployments.events
      .filter(({ object }) => object.metadata.generation === 2)
      .map(({ object: { metadata, status } }) => [
        metadata.annotations?.[REVISION],
        status.observedGeneration,
        status.conditions?.find(({ type }) => type === "Progressing")?.reason,
      ]);
    const changes = told.filter((one, index) => String(one) !== String(told[index - 1]));
    expect(changes).toEqual([
      ["1", 1, "NewReplicaSetAvailable"],
      ["2", 1, "NewReplicaSetCreated"],
      ["2", 2, "NewReplicaSetCreated"],
      ["2", 2, "ReplicaSetUpdated"],
      ["2", 2, "NewReplicaSetAvailable"],
    ]);
  });

  it("counts terminating pods apart, until they have finished", async () => {
    const { deployments } = await roll({
      replicas: 2,
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
    const now = await deployments.until(({ status }) => status.terminatingReplicas === 0);
    const counted = deployments.events.map(({ object }) => object.status.terminatingReplicas);
    expect(Math.max(...counted.map((count) => count ?? 0))).toBeGreaterThan(0);
    expect(now.status.replicas).toBe(2);
  });

  it("deletes the pods of the old ReplicaSet, then keeps it empty for a rollback", async () => {
    const { replicaSets } = await roll({ replicas: 2 });
    const sizes = replicaSets.latest().map(({ type, object }) => [type, object.spec.replicas]);
    expect(sizes.toSorted()).toEqual([
      ["MODIFIED", 0],
      ["MODIFIED", 2],
    ]);
  });
});
