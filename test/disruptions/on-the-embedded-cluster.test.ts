import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startEmbeddedCluster } from "#clusters/embedded-cluster.ts";
import { awaitReady } from "#disruptions/await-ready.ts";
import { performDisruption } from "#disruptions/perform-disruption.ts";
import { anUndoLog } from "#disruptions/testing/a-cluster.ts";
import type { Disruption } from "#domain/disruption.ts";
import type { Observation } from "#domain/observation.ts";
import type { KubernetesObject, WorkloadRef } from "#domain/workload.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster, Watching } from "#ports/cluster.ts";
import type { UndoLog } from "#ports/undo-log.ts";
import { ObservedCluster } from "#runner/observed-cluster.ts";

/** A server that answers with a status and leaves at SIGTERM. */
const serverAnswering = (status: number) =>
  `require("http").createServer((_, r) => r.writeHead(${status}).end()).listen(8080, process.env.POD_IP);
   process.on("SIGTERM", () => process.exit(0)); console.log("I answer ${status}");`;

const clock: Clock = {
  nowMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal });
  },
};

describe("on the embedded cluster", () => {
  let cluster: Cluster;
  let namespaces = 0;
  let workload: WorkloadRef;
  let observed: ObservedCluster;
  let watching: Watching;
  let seen: Observation[];
  let undo: UndoLog;
  const { signal } = new AbortController();

  beforeAll(async () => {
    const program = { image: "node", directory: import.meta.dirname, command: [process.execPath] };
    cluster = await startEmbeddedCluster({ images: [program], dataPathDelayMs: 10 });
  });

  afterAll(async () => {
    await cluster.stop();
  });

  beforeEach(async () => {
    namespaces += 1;
    const namespace = `test-${namespaces}`;
    workload = { kind: "Deployment", namespace, name: "web" };
    const metadata = { name: namespace };
    await cluster.createObject({ apiVersion: "v1", kind: "Namespace", metadata }, signal);
    seen = [];
    undo = anUndoLog();
    observed = new ObservedCluster(clock, (observation) => seen.push(observation));
    watching = await cluster.observe(
      { namespace, workload, service: "web" },
      (observation) => observed.receive(observation),
      { clock, signal },
    );
  });

  afterEach(async () => {
    await watching.stop();
  });

  function objects(container: object, selector = "web"): readonly KubernetesObject[] {
    const metadata = { name: "web", namespace: workload.namespace };
    const podIP = { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } };
    const app = { name: "app", image: "node", env: [podIP], ...container };
    const template = {
      metadata: { labels: { app: "web" } },
      spec: { terminationGracePeriodSeconds: 5, containers: [app] },
    };
    const labels = { matchLabels: { app: "web" } };
    const ports = [{ port: 80, targetPort: 8080 }];
    return [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata,
        spec: { replicas: 3, selector: labels, template },
      },
      { apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app: selector }, ports } },
    ];
  }

  const serving = {
    command: [process.execPath, "-e", serverAnswering(200)],
    readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
  };

  const ready = (deadlineMs = 20_000) =>
    awaitReady({ cluster, observed, workload, replicas: 3, deadlineMs, signal });

  const perform = (disruption: Disruption) =>
    performDisruption(disruption, {
      cluster,
      observed,
      clock,
      undo,
      mayTouch: () => true,
      entrances: [],
      maxDisruptedRatio: 1,
      runId: "test",
      startedAt: "2026-11-24T10:00:00.000Z",
      deadlineMs: 20_000,
      signal,
    });

  it("rolls every pod over and sees each one's whole life", async () => {
    await cluster.apply(objects(serving), signal);
    await ready();
    const old = new Set(observed.view.pods.keys());
    await perform({ type: "rolling-update", workload });
    expect(observed.view.pods.size).toBe(3);
    expect(new Set(observed.view.pods.keys()).isDisjointFrom(old)).toBe(true);
    for (const uid of old) {
      const life = seen.flatMap((o) => (o.type === "pod" && o.pod.uid === uid ? [o] : []));
      expect(life.some(({ pod }) => pod.containers[0]?.exitCode === 0)).toBe(true);
      expect(life.at(-1)?.change).toBe("deleted");
    }
    expect(seen.filter(({ type }) => type === "watch-gap")).toEqual([]);
  });

  it("deletes two pods and sees them replaced, then scales to one", async () => {
    await cluster.apply(objects(serving), signal);
    await ready();
    const before = new Set(observed.view.pods.keys());
    await perform({ type: "delete-pods", workload, count: 2 });
    expect(new Set(observed.view.pods.keys()).intersection(before).size).toBe(1);
    await perform({ type: "scale", workload, replicas: 1 });
    expect(observed.view.pods.size).toBe(1);
    const actions = seen.flatMap((o) => (o.type === "action" ? [`${o.verb} ${o.result}`] : []));
    expect(actions).toEqual(["delete deleted", "delete deleted", "scale to 1"]);
  });

  it("finds the Service where it answers", async () => {
    await cluster.apply(objects(serving), signal);
    await ready();
    const where = { namespace: workload.namespace, name: "web" };
    const { url } = await cluster.locateService(where, signal);
    const answer = await fetch(url, { headers: { connection: "close" } });
    expect(answer.status).toBe(200);
  });

  it("applies the same manifest twice without touching a pod", async () => {
    await cluster.apply(objects(serving), signal);
    await ready();
    const before = [...observed.view.pods.keys()];
    await cluster.apply(objects(serving), signal);
    await ready();
    expect([...observed.view.pods.keys()]).toEqual(before);
    expect(await cluster.readGeneration(workload, signal)).toBe(1);
  });

  it("says at once that a program is not there", async () => {
    await cluster.apply(objects({ command: ["no-such-program"] }), signal);
    await expect(ready(60_000)).rejects.toMatchObject({
      code: "WORKLOAD_NOT_READY",
      message: expect.stringContaining('"no-such-program": executable file not found in $PATH'),
    });
  });

  it("quotes the failing probe and the log of a program that never gets ready", async () => {
    const command = [process.execPath, "-e", serverAnswering(500)];
    await cluster.apply(objects({ ...serving, command }), signal);
    await expect(ready(4_000)).rejects.toMatchObject({
      message: expect.stringContaining(
        "Readiness probe failed: HTTP probe failed with statuscode: 500",
      ),
      hint: expect.stringContaining("  I answer 500"),
    });
  });

  it("says that the Service selects other pods", async () => {
    await cluster.apply(objects(serving, "wbe"), signal);
    await expect(ready(4_000)).rejects.toMatchObject({
      message: expect.stringContaining("the Service lists 0 ready endpoint(s)"),
    });
  });
});
