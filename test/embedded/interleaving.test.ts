import { afterEach, describe, expect, it } from "vitest";
import type { Deployment, EndpointSlice, KubeObject, Pod, Service } from "#embedded/api/objects.ts";
import { DEPLOYMENTS, ENDPOINT_SLICES, PODS, SERVICES } from "#embedded/api/resources.ts";
import { type ControlPlane, Recording, startControlPlane } from "./control-plane.ts";

/** What watchers see of writes that follow each other closely: what a real cluster shows, each for itself. */
describe("writes in quick succession", () => {
  let cluster: ControlPlane;
  const recordings: Recording<KubeObject>[] = [];

  afterEach(async () => {
    for (const recording of recordings.splice(0)) await recording.stop();
    await cluster.stop();
  });

  async function record<T extends KubeObject>(resource: Parameters<typeof Recording.start>[1]) {
    const recording = await Recording.start<T>(cluster.client, resource);
    recordings.push(recording as unknown as Recording<KubeObject>);
    return recording;
  }

  /** Two ready pods behind a Service, and what is recorded from now on. */
  async function twoPods() {
    cluster = await startControlPlane({ nodes: ["node-1"], startMs: 5, stopMs: 30 });
    const { client } = cluster;
    const metadata = { name: "web", namespace: "default" };
    const template = {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: "app" }] },
    };
    const spec = { replicas: 2, selector: { matchLabels: { app: "web" } }, template };
    await client.create<Deployment>(DEPLOYMENTS, {
      ...{ apiVersion: "apps/v1", kind: "Deployment" },
      ...{ metadata, spec },
    });
    await client.create<Service>(SERVICES, {
      ...{ apiVersion: "v1", kind: "Service", metadata },
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    });
    const slices = await record<EndpointSlice>(ENDPOINT_SLICES);
    const isReady = ({ endpoints }: EndpointSlice) =>
      endpoints?.filter(({ conditions }) => conditions.ready).length === 2;
    await slices.until(isReady);
    const deployments = await record<Deployment>(DEPLOYMENTS);
    await deployments.until(({ status }) => status.availableReplicas === 2);
    const { items } = await client.list<Pod>(PODS, { namespace: "default" });
    const name = items[0]?.metadata.name ?? "";
    return { client, slices, isReady, deployments, name, from: slices.events.length };
  }

  const replicas = ({ events }: Recording<Deployment>) =>
    events
      .map(({ object }) => object.status.replicas ?? 0)
      .filter((count, index, all) => count !== all[index - 1]);

  it("let a Deployment tell of a missing pod before it tells of its replacement", async () => {
    const { client, deployments, name } = await twoPods();
    await client.delete(PODS, name, { namespace: "default" });
    await deployments.until(({ status }) => status.terminatingReplicas === 1);
    await deployments.until(
      ({ status }) => status.terminatingReplicas === 0 && status.availableReplicas === 2,
    );
    expect(replicas(deployments).slice(-3)).toEqual([2, 1, 2]);
  });

  it("let the endpoint of a pod deleted by force terminate before it goes", async () => {
    const { client, slices, isReady, deployments, name, from } = await twoPods();
    await client.delete(PODS, name, { namespace: "default", gracePeriodSeconds: 0 });
    await slices.until(
      (slice) =>
        isReady(slice) && !slice.endpoints.some(({ targetRef }) => targetRef?.name === name),
    );
    const states = slices.events.slice(from).map(({ object }) => {
      const endpoint = object.endpoints?.find(({ targetRef }) => targetRef?.name === name);
      return endpoint === undefined ? "gone" : JSON.stringify(endpoint.conditions);
    });
    expect(states[0]).toBe('{"ready":false,"serving":true,"terminating":true}');
    expect(states.at(-1)).toBe("gone");
    await deployments.until(({ status }) => status.availableReplicas === 2);
    expect(deployments.events.map(({ object }) => object.status.terminatingReplicas)).toContain(1);
  });

  it("leave a slice without endpoints with null, as one that was kept in protobuf", async () => {
    const { client, slices } = await twoPods();
    await client.delete(DEPLOYMENTS, "web", { namespace: "default" });
    const empty = await slices.until(({ endpoints }) => (endpoints ?? []).length === 0);
    expect([empty.endpoints, empty.ports]).toEqual([null, null]);
  });
});
