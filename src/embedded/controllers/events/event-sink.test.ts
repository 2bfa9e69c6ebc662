import { describe, expect, it } from "vitest";
import type { ApiClient } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { aMeta } from "#embedded/controllers/testing/builders.ts";
import { EventSink, type EventText } from "./event-sink.ts";

const AT_MS = Date.parse("2026-01-01T00:00:05.678Z");
const pod: KubeObject = { apiVersion: "v1", kind: "Pod", metadata: aMeta("web") };

/** What is written when these are recorded, one after the other. */
async function written(component: string, ...texts: readonly EventText[]) {
  const writes: object[] = [];
  const client = {
    create: async (_: unknown, event: object) => writes.push(event),
    patch: async (_: unknown, { body }: { readonly body: object }) => writes.push(body),
  } as unknown as ApiClient; // the sink uses no more of it
  const sink = new EventSink(client, () => AT_MS);
  const record = sink.recorderFor(component);
  for (const text of texts) record(pod, text);
  await sink.drain();
  return writes;
}

const created = (number: number): EventText => ({
  type: "Normal",
  reason: "SuccessfulCreate",
  message: `Created pod: web-${number}`,
});

describe("EventSink", () => {
  it("writes a controller's event with its source, whole seconds and a count", async () => {
    const [event] = await written("replicaset-controller", created(1));
    expect(event).toMatchObject({
      involvedObject: { kind: "Pod", name: "web" },
      source: { component: "replicaset-controller" },
      firstTimestamp: "2026-01-01T00:00:05Z",
      lastTimestamp: "2026-01-01T00:00:05Z",
      count: 1,
      eventTime: null,
      reportingComponent: "replicaset-controller",
    });
    expect(event).not.toHaveProperty("action");
  });

  it("writes an event with an action as the newer API has it", async () => {
    const text = { type: "Normal", reason: "Scheduled", message: "m", action: "Binding" } as const;
    const [event, repeat] = await written("default-scheduler", text, text);
    expect(event).toMatchObject({
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: "2026-01-01T00:00:05.678000Z",
      action: "Binding",
      reportingComponent: "default-scheduler",
    });
    expect(event).not.toHaveProperty("count");
    const series = { count: 2, lastObservedTime: "2026-01-01T00:00:05.678000Z" };
    expect(repeat).toEqual({ series });
  });

  it("leaves the even names to the kubelet, who tells of the same objects", async () => {
    const events = await written("replicaset-controller", created(1), created(2));
    const suffixes = events.map((event) => {
      const { name } = (event as KubeObject).metadata;
      return Number.parseInt(name.at(-1) ?? "", 16) % 2;
    });
    expect(suffixes).toEqual([1, 1]);
  });

  it("leaves the reporter out of a combined event, as Kubernetes' aggregation does", async () => {
    const texts = Array.from({ length: 10 }, (_, number) => created(number));
    const events = await written("replicaset-controller", ...texts);
    expect(events[8]).toMatchObject({ reportingComponent: "replicaset-controller" });
    expect(events[9]).toMatchObject({
      message: "(combined from similar events): Created pod: web-9",
      source: { component: "replicaset-controller" },
      reportingComponent: "",
    });
  });
});
