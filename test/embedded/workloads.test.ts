import { afterEach, describe, expect, it } from "vitest";
import type { Resource } from "#embedded/api/client.ts";
import type { EndpointSlice, KubeObject, Node, Pod } from "#embedded/api/objects.ts";
import {
  CONTROLLER_REVISIONS,
  CRON_JOBS,
  DAEMON_SETS,
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  ENDPOINTS,
  EVENTS,
  JOBS,
  NAMESPACES,
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  POD_DISRUPTION_BUDGETS,
  PODS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  SERVICES,
  STATEFUL_SETS,
} from "#embedded/api/resources.ts";
import { type ControlPlane, Recording, startControlPlane } from "./control-plane.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Workload extends KubeObject {
  spec: Fields & { replicas?: number; template: Fields };
  status: Fields;
}

const TEMPLATE = {
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "app", image: "app" }] },
};

function aWorkload({ kind }: Resource, spec: Fields) {
  const apiVersion = kind === "Job" ? "batch/v1" : "apps/v1";
  const selector = kind === "Job" ? {} : { selector: { matchLabels: { app: "web" } } };
  const metadata = { name: "web", namespace: "default" };
  return { apiVersion, kind, metadata, spec: { ...selector, template: TEMPLATE, ...spec } };
}

describe("the controllers", () => {
  let cluster: ControlPlane;
  const recordings: { stop(): Promise<void> }[] = [];

  afterEach(async () => {
    for (const recording of recordings.splice(0)) await recording.stop();
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  async function start(over: Partial<Parameters<typeof startControlPlane>[0]> = {}) {
    cluster = await startControlPlane({
      nodes: ["node-1", "node-2", "node-3"],
      startMs: 5,
      stopMs: 20,
      ...over,
    });
  }

  async function record<T extends KubeObject>(resource: Resource) {
    const recording = await Recording.start<T>(cluster.client, resource);
    recordings.push(recording);
    return recording;
  }

  const create = (resource: Resource, spec: Fields) =>
    cluster.client.create<Workload>(resource, aWorkload(resource, spec));

  async function retemplate(resource: Resource, over: Fields = {}) {
    const now = await cluster.client.get<Workload>(resource, "web", "default");
    if (now === undefined) throw new Error("The workload is gone.");
    const template = { ...TEMPLATE, metadata: { ...TEMPLATE.metadata, annotations: { v: "2" } } };
    const spec = { ...now.spec, template, ...over };
    await cluster.client.update<Workload>(resource, { ...now, spec });
  }

  /** The life of pods in words, in order: what came, what was asked to go, what went. */
  const lives = (pods: Recording<Pod>) => {
    const told = new Set<string>();
    return pods.events.flatMap(({ type, object: { metadata } }) => {
      const word =
        type === "DELETED" ? "gone" : metadata.deletionTimestamp === undefined ? "new" : "ending";
      const key = `${metadata.uid} ${word}`;
      if (told.has(key)) return [];
      told.add(key);
      return [`${word} ${metadata.name}`];
    });
  };

  it.each([
    ["StatefulSet", STATEFUL_SETS],
    ["DaemonSet", DAEMON_SETS],
  ])("leave conditions that others have set on a %s", async (_, resource) => {
    await start();
    const { client } = cluster;
    await client.create<KubeObject>(resource, aWorkload(resource, {}));
    const sets = await record<Workload>(resource);
    const observed = await sets.until(({ status }) => status["observedGeneration"] === 1);
    const conditions = [{ type: "Foreign", status: "True" }];
    const body = { status: { conditions } };
    const place = { name: "web", namespace: "default" };
    await client.patch(resource, { ...place, type: "merge", body, subresource: "status" });
    const scaled = { spec: { minReadySeconds: 1 } };
    await client.patch(resource, { ...place, type: "merge", body: scaled });
    const later = await sets.until(({ status }) => status["observedGeneration"] === 2);
    expect([observed.status["conditions"], later.status["conditions"]]).toEqual([
      undefined,
      conditions,
    ]);
  });

  it("mirror Endpoints that somebody writes by hand, and take the slices back", async () => {
    await start();
    const { client } = cluster;
    const metadata = { name: "by-hand", namespace: "default" };
    const spec = { ports: [{ name: "http", port: 80 }] };
    await client.create<KubeObject>(SERVICES, {
      ...{ apiVersion: "v1", kind: "Service", metadata, spec },
    });
    const subsets = [
      {
        addresses: [{ ip: "10.1.2.3" }],
        notReadyAddresses: [{ ip: "10.1.2.4" }],
        ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      },
    ];
    await client.create<KubeObject>(ENDPOINTS, {
      ...{ apiVersion: "v1", kind: "Endpoints", metadata, subsets },
    });
    const slices = await record<EndpointSlice>(ENDPOINT_SLICES);
    const ofHand = ({ metadata }: KubeObject) => metadata.name.startsWith("by-hand-");
    const slice = await slices.until(ofHand);
    expect(slice.metadata.labels).toEqual({
      "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
      "kubernetes.io/service-name": "by-hand",
    });
    expect(slice.endpoints).toEqual([
      { addresses: ["10.1.2.3"], conditions: { ready: true } },
      { addresses: ["10.1.2.4"], conditions: { ready: false } },
    ]);
    const changed = await client.get<KubeObject>(ENDPOINTS, "by-hand", "default");
    const [subset = {}] = subsets;
    await client.update<KubeObject>(ENDPOINTS, {
      ...(changed as KubeObject),
      subsets: [{ ...subset, notReadyAddresses: [] }],
    });
    await slices.until((one) => ofHand(one) && one.endpoints?.length === 1);
    await client.delete(ENDPOINTS, "by-hand", { namespace: "default" });
    await slices.until((one, type) => ofHand(one) && type === "DELETED");
  });

  it("keep the pods of a ReplicationController, and give it those that nobody owns", async () => {
    await start();
    const { client } = cluster;
    const place = { namespace: "default" };
    const orphan = { name: "orphan", namespace: "default", labels: { app: "web" } };
    await client.create<KubeObject>(PODS, {
      ...{ apiVersion: "v1", kind: "Pod", metadata: orphan, spec: TEMPLATE.spec },
    });
    const metadata = { name: "web", namespace: "default" };
    const spec = { replicas: 2, selector: { app: "web" }, template: TEMPLATE };
    await client.create<KubeObject>(REPLICATION_CONTROLLERS, {
      ...{ apiVersion: "v1", kind: "ReplicationController", metadata, spec },
    });
    const controllers = await record<Workload>(REPLICATION_CONTROLLERS);
    const { status } = await controllers.until(({ status }) => status["readyReplicas"] === 2);
    expect(status).toEqual({
      ...{ replicas: 2, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
      observedGeneration: 1,
    });
    const { items } = await client.list<Pod>(PODS, place);
    const owners = items.map(({ metadata }) => metadata.ownerReferences?.[0]?.kind);
    expect(owners).toEqual(["ReplicationController", "ReplicationController"]);
    expect(items.map(({ metadata: { name } }) => name)).toContain("orphan");
    const events = await record<KubeObject>(EVENTS);
    const created = await events.until((event) => event["reason"] === "SuccessfulCreate");
    expect(created["source"]).toEqual({ component: "replication-controller" });

    const pods = await record<Pod>(PODS);
    await client.delete(REPLICATION_CONTROLLERS, "web", { ...place, propagationPolicy: "Orphan" });
    await controllers.until((_, type) => type === "DELETED");
    const orphans = (await client.list<Pod>(PODS, place)).items;
    expect(orphans.map(({ metadata }) => metadata.ownerReferences ?? [])).toEqual([[], []]);
    expect(pods.latest().map(({ type }) => type)).not.toContain("DELETED");
  });

  it("start a StatefulSet's pods one after the other, each after the one before is Ready", async () => {
    await start();
    const pods = await record<Pod>(PODS);
    const sets = await record<Workload>(STATEFUL_SETS);
    await create(STATEFUL_SETS, { replicas: 3, serviceName: "web" });
    await sets.until(({ status }) => status["availableReplicas"] === 3);
    const steps = pods.events
      .filter(({ object, type }) => type === "ADDED" || object.status.phase === "Running")
      .map(({ object, type }) => `${type === "ADDED" ? "new" : "ready"} ${object.metadata.name}`);
    expect(steps).toEqual([
      "new web-0",
      "ready web-0",
      "new web-1",
      "ready web-1",
      "new web-2",
      "ready web-2",
    ]);
  });

  it("roll a StatefulSet from its highest pod down, waiting each time until the old one is gone", async () => {
    await start();
    const sets = await record<Workload>(STATEFUL_SETS);
    await create(STATEFUL_SETS, { replicas: 2, serviceName: "web" });
    await sets.until(({ status }) => status["availableReplicas"] === 2);
    const pods = await record<Pod>(PODS);
    pods.events.length = 0;
    await retemplate(STATEFUL_SETS);
    const done = await sets.until(
      ({ status, metadata }) =>
        metadata.generation === 2 &&
        status["observedGeneration"] === 2 &&
        status["updatedReplicas"] === 2 &&
        status["currentRevision"] === status["updateRevision"],
    );
    expect(lives(pods)).toEqual([
      "ending web-1",
      "gone web-1",
      "new web-1",
      "ending web-0",
      "gone web-0",
      "new web-0",
    ]);
    expect(done.status).toMatchObject({ replicas: 2, readyReplicas: 2, currentReplicas: 2 });
    const revisions = await cluster.client.list(CONTROLLER_REVISIONS, { namespace: "default" });
    expect(revisions.items.map((revision) => revision["revision"]).toSorted()).toEqual([1, 2]);
  });

  it("keep a StatefulSet's claims for the pods' successors", async () => {
    await start();
    const claims = await record<KubeObject>(PERSISTENT_VOLUME_CLAIMS);
    const template = {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    await create(STATEFUL_SETS, {
      replicas: 1,
      serviceName: "web",
      volumeClaimTemplates: [template],
    });
    const claim = await claims.until(({ status }) => (status as Fields)["phase"] === "Bound");
    expect(claim.metadata.name).toBe("data-web-0");
    const pods = await record<Pod>(PODS);
    const pod = await pods.until(({ status }) => status.phase === "Running");
    expect(pod.spec.volumes).toContainEqual({
      name: "data",
      persistentVolumeClaim: { claimName: "data-web-0" },
    });
  });

  it("scale a StatefulSet down from the highest pod, one at a time", async () => {
    await start();
    const sets = await record<Workload>(STATEFUL_SETS);
    await create(STATEFUL_SETS, { replicas: 3, serviceName: "web" });
    const full = await sets.until(({ status }) => status["availableReplicas"] === 3);
    const pods = await record<Pod>(PODS);
    pods.events.length = 0;
    await cluster.client.update<Workload>(STATEFUL_SETS, {
      ...full,
      spec: { ...full.spec, replicas: 1 },
    });
    await sets.until(({ status }) => status["replicas"] === 1);
    expect(lives(pods)).toEqual(["ending web-2", "gone web-2", "ending web-1", "gone web-1"]);
  });

  it("run a DaemonSet's pod on every node, and replace them one node at a time", async () => {
    await start();
    const daemonSets = await record<Workload>(DAEMON_SETS);
    await create(DAEMON_SETS, {});
    await daemonSets.until(({ status }) => status["numberAvailable"] === 3);
    const pods = await record<Pod>(PODS);
    const nodes = pods.latest().map(({ object }) => object.spec.nodeName);
    expect(nodes.toSorted()).toEqual(["node-1", "node-2", "node-3"]);
    pods.events.length = 0;
    await retemplate(DAEMON_SETS);
    await daemonSets.until(
      ({ status, metadata }) =>
        metadata.generation === 2 &&
        status["observedGeneration"] === 2 &&
        status["updatedNumberScheduled"] === 3 &&
        status["numberAvailable"] === 3,
    );
    const order = lives(pods)
      .map((life) => life.split(" ")[0])
      .filter((word) => word !== "gone");
    expect(order).toEqual(["ending", "new", "ending", "new", "ending", "new"]);
  });

  it("leave a DaemonSet's pod on a node that is cordoned", async () => {
    await start({ nodes: ["node-1"] });
    const daemonSets = await record<Workload>(DAEMON_SETS);
    await create(DAEMON_SETS, {});
    await daemonSets.until(({ status }) => status["numberAvailable"] === 1);
    const nodes = await cluster.client.list<Node>(NODES);
    const [node] = nodes.items;
    if (node === undefined) throw new Error("There is no node.");
    await cluster.client.update<Node>(NODES, { ...node, spec: { unschedulable: true } });
    await create(DEPLOYMENTS, { replicas: 1, selector: { matchLabels: { app: "web" } } });
    const pods = await record<Pod>(PODS);
    const waiting = await pods.until(
      ({ status }) => status.conditions?.some(({ reason }) => reason === "Unschedulable") === true,
    );
    expect(waiting.status.conditions).toMatchObject([
      {
        type: "PodScheduled",
        observedGeneration: 1,
        message:
          "0/1 nodes are available: 1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
      },
    ]);
    const daemons = pods
      .latest()
      .filter(({ object }) => object.metadata.name !== waiting.metadata.name);
    expect(daemons.map(({ object }) => object.metadata.deletionTimestamp)).toEqual([undefined]);
    const tainted = await cluster.client.get<Node>(NODES, "node-1");
    expect(tainted?.spec.taints).toMatchObject([
      { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" },
    ]);
  });

  it("run a Job's pods to completion and count each of them once", async () => {
    await start({ runsFor: () => ({ ms: 10, phase: "Succeeded" }) });
    const jobs = await record<Workload>(JOBS);
    const template = { ...TEMPLATE, spec: { ...TEMPLATE.spec, restartPolicy: "Never" } };
    await create(JOBS, { completions: 4, parallelism: 2, template });
    const done = await jobs.until(({ status }) => status["completionTime"] !== undefined);
    expect(done.status).toMatchObject({
      succeeded: 4,
      terminating: 0,
      ready: 0,
      uncountedTerminatedPods: {},
      conditions: [
        { type: "SuccessCriteriaMet", status: "True", reason: "CompletionsReached" },
        { type: "Complete", status: "True", reason: "CompletionsReached" },
      ],
    });
    const pods = await cluster.client.list<Pod>(PODS, { namespace: "default" });
    expect(pods.items.map(({ metadata }) => metadata.finalizers ?? [])).toEqual([[], [], [], []]);
  });

  it("replace a Job's pod that was deleted when it has ended, and count its success", async () => {
    let ended = 0;
    await start({
      stopMs: 60,
      runsFor: () => (ended++ === 0 ? undefined : { ms: 10, phase: "Succeeded" }),
    });
    const jobs = await record<Workload>(JOBS);
    const pods = await record<Pod>(PODS);
    const template = { ...TEMPLATE, spec: { ...TEMPLATE.spec, restartPolicy: "Never" } };
    await create(JOBS, { completions: 2, parallelism: 1, template });
    const first = await pods.until(({ status }) => status.phase === "Running");
    await cluster.client.delete(PODS, first.metadata.name, { namespace: "default" });
    const done = await jobs.until(({ status }) => status["completionTime"] !== undefined);
    expect(done.status["succeeded"]).toBe(2);
    expect(
      lives(pods)
        .slice(0, 3)
        .map((life) => life.split(" ")[0]),
    ).toEqual(["new", "ending", "new"]);
  });

  it("fail a Job whose pods fail too often, and say why", async () => {
    await start({ runsFor: () => ({ ms: 5, phase: "Failed" }) });
    const jobs = await record<Workload>(JOBS);
    const template = { ...TEMPLATE, spec: { ...TEMPLATE.spec, restartPolicy: "Never" } };
    await create(JOBS, { backoffLimit: 0, template });
    const done = await jobs.until(
      ({ status }) =>
        (status["conditions"] as Fields[] | undefined)?.some(({ type }) => type === "Failed") ===
        true,
    );
    expect(done.status).toMatchObject({
      failed: 1,
      conditions: [
        { type: "FailureTarget", reason: "BackoffLimitExceeded" },
        { type: "Failed", message: "Job has reached the specified backoff limit" },
      ],
    });
  });

  it("start a CronJob's Job when its minute has come, and list it until it has finished", async () => {
    await start({ aheadMs: 60_000, runsFor: () => ({ ms: 10, phase: "Succeeded" }) });
    const cronJobs = await record<Workload>(CRON_JOBS);
    const template = { ...TEMPLATE, spec: { ...TEMPLATE.spec, restartPolicy: "Never" } };
    await cluster.client.create<KubeObject>(CRON_JOBS, {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "tick", namespace: "default" },
      spec: { schedule: "* * * * *", jobTemplate: { spec: { template } } },
    });
    const started = await cronJobs.until(({ status }) => status["lastScheduleTime"] !== undefined);
    const minute = Date.parse(String(started.status["lastScheduleTime"])) / 60_000;
    expect(started.status["active"]).toMatchObject([{ kind: "Job", name: `tick-${minute}` }]);
    const done = await cronJobs.until(({ status }) => status["lastSuccessfulTime"] !== undefined);
    expect(done.status["active"]).toBeUndefined();
  });

  it("keep a disruption budget's numbers", async () => {
    await start();
    const budgets = await record<KubeObject>(POD_DISRUPTION_BUDGETS);
    await cluster.client.create<KubeObject>(POD_DISRUPTION_BUDGETS, {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "web", namespace: "default" },
      spec: { maxUnavailable: "10%", selector: { matchLabels: { app: "web" } } },
    });
    await create(DEPLOYMENTS, { replicas: 5 });
    const budget = await budgets.until(
      ({ status }) => (status as Fields | undefined)?.["currentHealthy"] === 5,
    );
    expect(budget.status).toMatchObject({
      disruptionsAllowed: 1,
      desiredHealthy: 4,
      expectedPods: 5,
      conditions: [{ type: "DisruptionAllowed", status: "True", reason: "SufficientPods" }],
    });
  });

  it("tell of a pod that two disruption budgets claim, which can then not be evicted", async () => {
    await start();
    const events = await record<KubeObject>(EVENTS);
    for (const name of ["one", "two"]) {
      await cluster.client.create<KubeObject>(POD_DISRUPTION_BUDGETS, {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name, namespace: "default" },
        spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
      });
    }
    await create(DEPLOYMENTS, { replicas: 1 });
    const told = await events.until(
      (event) => (event as unknown as Fields)["reason"] === "MultiplePodDisruptionBudgets",
    );
    expect(told).toMatchObject({
      type: "Warning",
      source: { component: "controllermanager" },
      message: expect.stringMatching(
        /^Pod "default"\/"web-.*" matches multiple PodDisruptionBudgets\. {2}Chose "(one|two)" arbitrarily\.$/,
      ),
    });
  });

  it.each(["Background", "Foreground"] as const)(
    "delete what a Deployment owned, and let the pods terminate (%s)",
    async (propagationPolicy) => {
      await start();
      const deployments = await record<Workload>(DEPLOYMENTS);
      const pods = await record<Pod>(PODS);
      const replicaSets = await record<KubeObject>(REPLICA_SETS);
      await create(DEPLOYMENTS, { replicas: 2 });
      await deployments.until(({ status }) => status["availableReplicas"] === 2);
      await cluster.client.delete(DEPLOYMENTS, "web", { namespace: "default", propagationPolicy });
      await pods.until((_pod, type) => type === "DELETED");
      await replicaSets.until((_replicaSet, type) => type === "DELETED");
      await deployments.until((_deployment, type) => type === "DELETED");
      while (pods.latest().some(({ type }) => type !== "DELETED")) await new Promise(setImmediate);
      expect(lives(pods).filter((life) => life.startsWith("ending"))).toHaveLength(2);
      expect(lives(pods).filter((life) => life.startsWith("new"))).toHaveLength(2);
    },
  );

  it("let a Deployment's ReplicaSet live on as an orphan when told so", async () => {
    await start();
    const deployments = await record<Workload>(DEPLOYMENTS);
    const replicaSets = await record<KubeObject>(REPLICA_SETS);
    await create(DEPLOYMENTS, { replicas: 1 });
    await deployments.until(({ status }) => status["availableReplicas"] === 1);
    await cluster.client.delete(DEPLOYMENTS, "web", {
      namespace: "default",
      propagationPolicy: "Orphan",
    });
    await deployments.until((_deployment, type) => type === "DELETED");
    const orphan = await replicaSets.until(
      ({ metadata }) => (metadata.ownerReferences ?? []).length === 0,
    );
    expect(orphan.metadata.deletionTimestamp).toBeUndefined();
  });

  it("empty a namespace that is deleted, its pods with their grace", async () => {
    await start();
    const { client } = cluster;
    await client.create(NAMESPACES, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "shop" },
    });
    const deployment = aWorkload(DEPLOYMENTS, { replicas: 2 });
    await client.create(DEPLOYMENTS, {
      ...deployment,
      metadata: { name: "web", namespace: "shop" },
    });
    const isRunning = async () => {
      const { items } = await client.list<Pod>(PODS, { namespace: "shop" });
      return items.filter(({ status }) => status.phase === "Running").length === 2;
    };
    while (!(await isRunning())) await new Promise(setImmediate);
    await client.delete(NAMESPACES, "shop");
    // Its own patience is counted in seconds.
    await expect
      .poll(() => client.get(NAMESPACES, "shop"), { timeout: 25_000, interval: 100 })
      .toBeUndefined();
    for (const resource of [PODS, DEPLOYMENTS, REPLICA_SETS, EVENTS]) {
      expect((await client.list(resource, { namespace: "shop" })).items).toEqual([]);
    }
  });

  it("delete a pod that tolerates its node's taint for a while, however often the node is heard of", async () => {
    await start({ nodes: ["node-1"] });
    const pods = await record<Pod>(PODS);
    const toleration = { key: "broken", operator: "Exists", tolerationSeconds: 1 };
    const spec = { ...TEMPLATE.spec, tolerations: [toleration] };
    await create(DEPLOYMENTS, { replicas: 1, template: { ...TEMPLATE, spec } });
    await pods.until(({ status }) => status.phase === "Running");
    const taints = [{ key: "broken", effect: "NoExecute" }];
    const touch = (count: number) =>
      cluster.client.patch(NODES, {
        ...{ name: "node-1", type: "merge" },
        body: { metadata: { labels: { count: String(count) } }, spec: { taints } },
      });
    let evicted = false;
    const eviction = pods
      .until(({ metadata }) => metadata.deletionTimestamp !== undefined)
      .then((pod) => {
        evicted = true;
        return pod;
      });
    for (let count = 0; !evicted; count++) {
      await touch(count);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await eviction).status.conditions).toContainEqual(
      expect.objectContaining({ type: "DisruptionTarget", observedGeneration: 1 }),
    );
    const { items } = await cluster.client.list<KubeObject>(EVENTS, { namespace: "default" });
    const told = items.find((event) => (event as Fields)["reason"] === "TaintManagerEviction");
    expect((told as Fields | undefined)?.["involvedObject"]).not.toHaveProperty("uid");
  });

  it("delete a pod that does not tolerate what its node was tainted with", async () => {
    await start({ nodes: ["node-1", "node-2"] });
    const deployments = await record<Workload>(DEPLOYMENTS);
    await create(DEPLOYMENTS, { replicas: 2 });
    await deployments.until(({ status }) => status["availableReplicas"] === 2);
    const pods = await record<Pod>(PODS);
    const node = await cluster.client.get<Node>(NODES, "node-1");
    if (node === undefined) throw new Error("There is no node-1.");
    const taints = [{ key: "broken", effect: "NoExecute" }];
    await cluster.client.update<Node>(NODES, { ...node, spec: { ...node.spec, taints } });
    const evicted = await pods.until(({ metadata }) => metadata.deletionTimestamp !== undefined);
    expect(evicted.spec.nodeName).toBe("node-1");
    expect(evicted.status.conditions).toContainEqual(
      expect.objectContaining({ type: "DisruptionTarget", reason: "DeletionByTaintManager" }),
    );
    await deployments.until(({ status }) => status["availableReplicas"] === 2);
  });
});
