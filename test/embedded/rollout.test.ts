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

  async function startAnd(
    spec: Readonly<Record<string, unknown>>,
    isBroken?: (pod: Pod) => boolean,
  ) {
    const broken = isBroken === undefined ? {} : { isBroken };
    cluster = await startControlPlane({ nodes: ["node-1"], startMs: 5, stopMs: 30, ...broken });
    const deployments = await record<Deployment>(DEPLOYMENTS);
    const pods = await record<Pod>(PODS);
    const made = aDeployment({ replicas: 2 }, "1");
    await cluster.client.create<Deployment>(DEPLOYMENTS, {
      ...made,
      spec: { ...made.spec, ...spec },
    });
    const change = async (over: Readonly<Record<string, unknown>>) => {
      const now = await cluster.client.get<Deployment>(DEPLOYMENTS, "web", "default");
      if (now === undefined) throw new Error("The Deployment is gone.");
      const changed = { ...now, spec: { ...now.spec, ...over } };
      const { metadata } = await cluster.client.update<Deployment>(DEPLOYMENTS, changed);
      return metadata.generation;
    };
    return { deployments, pods, change };
  }

  const template = (version: string) => aDeployment({ replicas: 2 }, version).spec.template;
  const progress = ({ status }: Deployment) =>
    status.conditions?.find(({ type }) => type === "Progressing")?.reason;

  it("under Recreate starts no new pod before the last old one has ended", async () => {
    const { deployments, pods, change } = await startAnd({ strategy: { type: "Recreate" } });
    await deployments.until(isDone);
    const generation = await change({ template: template("2") });
    await deployments.until((now) => now.metadata.generation === generation && isDone(now));
    const present = new Map<string, string>();
    for (const { type, object } of pods.events) {
      const { uid, annotations } = object.metadata;
      if (type === "DELETED" || object.status.phase === "Succeeded") present.delete(uid);
      else present.set(uid, annotations?.["version"] ?? "");
      expect(new Set(present.values()).size).toBeLessThanOrEqual(1);
    }
    expect(new Set(present.values())).toEqual(new Set(["2"]));
  });

  it("stands still while it is paused, and goes on when it is resumed", async () => {
    const { deployments, change } = await startAnd({});
    await deployments.until(isDone);
    await change({ paused: true, template: template("2") });
    await deployments.until((now) => progress(now) === "DeploymentPaused");
    await change({ replicas: 3, paused: true, template: template("2") });
    const scaled = await deployments.until(({ status }) => status.availableReplicas === 3);
    expect(scaled.status.updatedReplicas).toBeUndefined();
    const generation = await change({ paused: false });
    const done = await deployments.until(
      (now) => now.metadata.generation === generation && isDone(now),
    );
    expect(progress(done)).toBe("NewReplicaSetAvailable");
    const told = deployments.events.map(({ object }) => progress(object));
    // What was made in the look that told of the end of the pause is not told.
    expect(told.slice(told.indexOf("DeploymentResumed"))).not.toContain("NewReplicaSetCreated");
  });

  it("gives a template that it rolls back to a new revision, and remembers its old one", async () => {
    const { deployments, change } = await startAnd({});
    await deployments.until(isDone);
    for (const version of ["2", "1"]) {
      const generation = await change({ template: template(version) });
      await deployments.until((now) => now.metadata.generation === generation && isDone(now));
    }
    const { items } = await cluster.client.list<ReplicaSet>(REPLICA_SETS, { namespace: "default" });
    const revisions = items.map(({ metadata, spec }) => [
      spec.replicas,
      metadata.annotations?.[REVISION],
      metadata.annotations?.["deployment.kubernetes.io/revision-history"],
    ]);
    expect(revisions.toSorted()).toEqual([
      [0, "2", undefined],
      [2, "3", "1"],
    ]);
  });

  it("forgets the oldest revisions beyond the limit", async () => {
    const { deployments, change } = await startAnd({ revisionHistoryLimit: 1 });
    await deployments.until(isDone);
    for (const version of ["2", "3", "4"]) {
      const generation = await change({ template: template(version) });
      await deployments.until((now) => now.metadata.generation === generation && isDone(now));
    }
    const replicaSets = await record<ReplicaSet>(REPLICA_SETS);
    const left = () => replicaSets.latest().filter(({ type }) => type !== "DELETED");
    while (left().length > 2) await new Promise(setImmediate);
    const versions = left().map(
      ({ object }) => object.spec.template.metadata.annotations?.["version"],
    );
    expect(versions.toSorted()).toEqual(["3", "4"]);
  });

  it("says that its deadline has passed when new pods never become Ready, and keeps the old ones", async () => {
    const isBroken = ({ metadata }: Pod) => metadata.annotations?.["version"] === "2";
    const { deployments, change } = await startAnd({ progressDeadlineSeconds: 1 }, isBroken);
    await deployments.until(isDone);
    await change({ template: template("2") });
    const late = await deployments.until((now) => progress(now) === "ProgressDeadlineExceeded");
    expect(late.status).toMatchObject({ replicas: 3, updatedReplicas: 1, availableReplicas: 2 });
  });

  it("takes a pod for available only after minReadySeconds", async () => {
    const { deployments } = await startAnd({ minReadySeconds: 2 });
    const ready = await deployments.until(({ status }) => status.readyReplicas === 2);
    expect(ready.status.availableReplicas).toBeUndefined();
    await deployments.until(isDone);
  });
});
