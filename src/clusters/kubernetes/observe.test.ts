import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Observation } from "#domain/observation.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { Cluster, Watching } from "#ports/cluster.ts";
import type { ApiPod } from "./api-objects.ts";
import { connectCluster } from "./kubernetes-cluster.ts";
import { fixture } from "./testing/fixture.ts";
import { ManualClock } from "./testing/manual-clock.ts";
import { answerJson, ScriptedApi } from "./testing/scripted-api.ts";
import { ScriptedCollection, stored } from "./testing/scripted-collection.ts";

const WORKLOAD: WorkloadRef = { kind: "Deployment", namespace: "shop", name: "web" };
const SCOPE = { namespace: "shop", workload: WORKLOAD, service: "web" };

describe("observe", () => {
  const pods = new ScriptedCollection();
  const events = new ScriptedCollection();
  const slices = new ScriptedCollection();
  const deployments = new ScriptedCollection();
  const pod = fixture<ApiPod>("pod-running");
  const deployment = stored("web", "1", {
    spec: { replicas: 1, selector: { matchLabels: { app: "web" } } },
  });
  let server: ScriptedApi;
  let cluster: Cluster;
  let watching: Watching | undefined;
  let seen: Observation[];
  let clock: ManualClock;

  const types = () => seen.map(({ type }) => type);
  const start = async () => {
    clock = new ManualClock();
    watching = await cluster.observe(SCOPE, (observation) => seen.push(observation), {
      clock,
      signal: new AbortController().signal,
    });
  };

  beforeEach(async () => {
    server = new ScriptedApi();
    await server.listen();
    server.on("GET /version", (_, response) => answerJson(response, { gitVersion: "v1.36.2" }));
    server.on("GET /api/v1/namespaces/shop/pods", pods.answer);
    server.on("GET /api/v1/namespaces/shop/events", events.answer);
    server.on("GET /apis/apps/v1/namespaces/shop/deployments", deployments.answer);
    server.on("GET /apis/discovery.k8s.io/v1/namespaces/shop/endpointslices", slices.answer);
    for (const collection of [pods, events, slices, deployments]) collection.items = [];
    cluster = await connectCluster({ kubeconfig: server.kubeconfig, description: "ci" });
    seen = [];
  });

  afterEach(async () => {
    await watching?.stop();
    await cluster.stop();
    await server.close();
  });

  function anEvent(uid: string) {
    const involvedObject = { kind: "Pod", name: pod.metadata.name, uid };
    return stored(`event-of-${uid}`, "1", { involvedObject, type: "Warning", reason: "Unhealthy" });
  }

  it("reports what is there when the first lists are in", async () => {
    deployments.items = [deployment];
    pods.items = [pod] as never; // a recorded pod has more fields than a stored one of these tests
    slices.items = [stored("web-abc", "1", { endpoints: [] })];
    await start();
    expect(types().toSorted()).toEqual(["endpoint-slice", "pod", "workload"]);
    const selectors = server.requests.map(({ query }) => query["labelSelector"]);
    expect(selectors).toContain("app=web");
    expect(selectors).toContain("kubernetes.io/service-name=web");
  });

  it("leaves out the events of pods that are not there any more", async () => {
    deployments.items = [deployment];
    pods.items = [pod] as never; // as above
    const current = [anEvent(pod.metadata.uid), anEvent(deployment.metadata.uid)];
    events.items = [anEvent("of-last-night"), ...current];
    await start();
    expect(seen.filter(({ type }) => type === "event")).toHaveLength(2);
  });

  it("reports every event that comes later", async () => {
    deployments.items = [deployment];
    await start();
    await vi.waitFor(() => expect(events.watchers).toBe(1));
    events.send("ADDED", anEvent("of-somebody"));
    await vi.waitFor(() => expect(types()).toEqual(["workload", "event"]));
    events.send("DELETED", anEvent("of-somebody")); // it is an hour old
    events.send("MODIFIED", anEvent("of-somebody"));
    await vi.waitFor(() => expect(types()).toEqual(["workload", "event", "event"]));
  });

  it("reports the pods of a workload that is applied later", async () => {
    await start();
    expect(seen).toEqual([]);
    await vi.waitFor(() => expect(deployments.watchers).toBe(1));
    pods.items = [pod] as never; // as above
    deployments.send("ADDED", deployment);
    await vi.waitFor(() => expect(types()).toEqual(["workload", "pod"]));
    await vi.waitFor(() => expect(pods.watchers).toBe(1));
    pods.send("DELETED", pod);
    await vi.waitFor(() => expect(seen.at(-1)).toMatchObject({ type: "pod", change: "deleted" }));
  });

  it("goes on with the pods when the workload changes or is deleted", async () => {
    deployments.items = [deployment];
    const { lists } = pods;
    await start();
    await vi.waitFor(() => expect(deployments.watchers).toBe(1));
    deployments.send("MODIFIED", deployment);
    deployments.send("DELETED", deployment);
    deployments.send("ADDED", deployment);
    await vi.waitFor(() => expect(types()).toEqual(["workload", "workload", "workload"]));
    expect(pods.lists - lists).toBe(1);
  });

  it("asks each second which version the cluster has, and so notices what was held up", async () => {
    deployments.items = [deployment];
    for (const collection of [pods, slices, deployments]) collection.version = "5";
    const { marks } = pods;
    await start();
    await vi.waitFor(() => expect(slices.watchers + pods.marks - marks).toBe(2));
    pods.version = "8";
    await vi.waitFor(() => {
      clock.advance(1_000 - (clock.nowMs() % 1_000));
      expect(pods.marks - marks).toBeGreaterThan(1);
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advance(600);
    slices.send("ADDED", stored("web-abc", "7", { endpoints: [] }));
    await vi.waitFor(() => expect(types()).toContain("endpoint-slice"));
    expect(seen.filter(({ type }) => type === "watch-gap")).toMatchObject([
      { resource: "endpointslices", reason: "the watch told of a change too late" },
    ]);
  });

  it("ends all watches when it is stopped", async () => {
    deployments.items = [deployment];
    await start();
    await vi.waitFor(() => expect(pods.watchers + events.watchers).toBe(2));
    await watching?.stop();
    await vi.waitFor(() =>
      expect(pods.watchers + events.watchers + slices.watchers + deployments.watchers).toBe(0),
    );
  });

  it("ends all watches when the cluster is left", async () => {
    deployments.items = [deployment];
    await start();
    await vi.waitFor(() => expect(pods.watchers).toBe(1));
    await cluster.stop();
    await watching?.stop();
    expect(types()).toEqual(["workload"]);
  });
});
