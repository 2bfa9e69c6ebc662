import { describe, expect, it } from "vitest";
import type { KubeObject } from "#embedded/api/objects.ts";
import { EVENTS } from "#embedded/api/resources.ts";
import { EventRecorder, podSubject } from "./events.ts";
import { aContainer, aPod } from "./testing/a-pod.ts";
import { FakeApi } from "./testing/fake-api.ts";

describe("EventRecorder", () => {
  const text = {
    type: "Warning",
    reason: "Unhealthy",
    message: "Readiness probe failed: ",
  } as const;

  it("writes an event as a kubelet does, and counts a repeated one up", async () => {
    const api = new FakeApi();
    const events = new EventRecorder(api, "node-1");
    const pod = aPod({ initContainers: [aContainer("setup")] });
    events.record(podSubject(pod, "setup"), text);
    events.record(podSubject(pod, "setup"), text);
    await events.flush();
    const { items } = await api.list<KubeObject>(EVENTS);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      ...text,
      metadata: { name: expect.stringMatching(/^web\.[0-9a-f]{15}[02468ace]$/), namespace: "test" },
      involvedObject: { kind: "Pod", name: "web", fieldPath: "spec.initContainers{setup}" },
      source: { component: "kubelet", host: "node-1" },
      reportingComponent: "kubelet",
      count: 2,
    });
  });

  it("stops telling the same object's troubles after 25 events at once", async () => {
    const api = new FakeApi();
    const events = new EventRecorder(api, "node-1");
    for (let index = 0; index < 40; index += 1) events.record(podSubject(aPod(), "app"), text);
    await events.flush();
    const { items } = await api.list<KubeObject>(EVENTS);
    expect(items).toMatchObject([{ count: 25 }]);
  });

  it("goes on telling what is normal when it has told enough warnings", async () => {
    const api = new FakeApi();
    const events = new EventRecorder(api, "node-1");
    const other = { ...text, type: "Normal" } as const;
    for (let index = 0; index < 40; index += 1) events.record(podSubject(aPod(), "app"), text);
    events.record(podSubject(aPod(), "app"), other);
    await events.flush();
    const { items } = await api.list<KubeObject>(EVENTS);
    expect(items).toMatchObject([{ count: 25 }, { count: 1, type: other.type }]);
  });
});
