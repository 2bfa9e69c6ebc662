import { existsSync, readdirSync, statSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Node, Pod } from "#embedded/api/objects.ts";
import { NODES, PODS } from "#embedded/api/resources.ts";
import {
  isGone,
  isReady,
  isRunning,
  node,
  SERVER,
  shell,
  startTestNode,
  type TestNode,
  trapping,
} from "./testing/test-node.ts";

describe("startKubelet", () => {
  let here: TestNode;
  beforeEach(async () => {
    here = await startTestNode();
  });
  afterEach(() => here.stop());

  /** What a watching client sees of the pod: phase, Ready and the state of the first container. */
  function seen(name: string): readonly string[] {
    const states = here.api.history
      .filter(({ plural, object }) => plural === "pods" && object.metadata.name === name)
      .map(({ type, object }) => [type, object as Pod] as const)
      .map(([type, { status, metadata }]) => {
        const ready = status.conditions?.find((condition) => condition.type === "Ready");
        const { state = {}, restartCount = 0 } = status.containerStatuses?.[0] ?? {};
        const deleting = metadata.deletionTimestamp === undefined ? "" : " deleting";
        const container = state.terminated?.exitCode ?? Object.keys(state)[0] ?? "-";
        const readiness = `${ready?.status ?? "-"}${ready?.reason ? `/${ready.reason}` : ""}`;
        return `${type}${deleting} ${status.phase ?? "-"} ${readiness} ${container} ${restartCount}`;
      });
    return states.filter((state, index) => state !== states[index - 1]);
  }

  it("lets nobody list its pods, nor read what they have written", async () => {
    // Only root's containers can be somebody else, and have to pass through.
    const isRoot = process.geteuid?.() === 0;
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(here.directory)).toBe(isRoot ? "711" : "700");
    if (!isRoot) return;
    expect(mode(`${here.directory}/pods`)).toBe("711");
    expect(mode(`${here.directory}/logs`)).toBe("700");
  });

  it("shows a pod's life from Pending to its removal in the order of a real node", async () => {
    const readinessProbe = { httpGet: { port: 8080 }, periodSeconds: 1 };
    await here.api.createPod("web", { containers: [node(SERVER, { readinessProbe })] });
    await here.api.untilPod("web", isReady);
    await here.api.delete(PODS, "web", { namespace: "test", gracePeriodSeconds: 5 });
    await here.api.untilPod("web", isGone);
    expect(seen("web")).toEqual([
      "ADDED - - - 0",
      "MODIFIED Pending False/ContainersNotReady waiting 0",
      "MODIFIED Running False/ContainersNotReady running 0",
      "MODIFIED Running True running 0",
      "MODIFIED deleting Running True running 0",
      "MODIFIED deleting Succeeded False/PodCompleted 0 0",
      "DELETED deleting Succeeded False/PodCompleted 0 0",
    ]);
    const events = here.api.eventsOf("web").filter((event) => !event.startsWith("Unhealthy"));
    expect(events).toEqual([
      'Pulled: Container image "node:24" already present on machine and can be accessed by the pod',
      "Created: Container created",
      "Started: Container started",
      "Killing: Stopping container app",
    ]);
  });

  it("reports a pod that ends by itself as Running until its sandbox is down, and keeps it", async () => {
    const containers = [shell("sleep 0.2")];
    await here.api.createPod("once", { restartPolicy: "Never", containers });
    await here.api.untilPod("once", (pod) => pod?.status.phase === "Succeeded");
    expect(seen("once").slice(-2)).toEqual([
      "MODIFIED Running False/PodCompleted 0 0",
      "MODIFIED Succeeded False/PodCompleted 0 0",
    ]);
  });

  it("runs init containers one after the other, then all containers", async () => {
    const step = (name: string) => shell(`echo ${name} >> /shared/steps`, { name });
    const volumeMounts = [{ name: "shared", mountPath: "/shared" }];
    const check = shell("test $(tr '\\n' - < /shared/steps) = one-two-", { volumeMounts });
    await here.api.createPod("steps", {
      restartPolicy: "Never",
      volumes: [{ name: "shared", emptyDir: {} }],
      initContainers: [
        { ...step("one"), volumeMounts },
        { ...step("two"), volumeMounts },
      ],
      containers: [check],
    });
    const pod = await here.api.untilPod("steps", (pod) => pod?.status.phase === "Succeeded");
    expect(pod?.status.initContainerStatuses?.map(({ ready }) => ready)).toEqual([true, true]);
  });

  it("gives each pod an address of its own and frees it at the end", async () => {
    const containers = [trapping("exit 0")];
    await here.api.createPod("a", { containers });
    await here.api.createPod("b", { containers });
    const ips = await Promise.all(
      ["a", "b"].map(async (name) => (await here.api.untilPod(name, isRunning))?.status.podIP),
    );
    expect(new Set(ips)).toEqual(new Set([`${here.podPrefix}.1`, `${here.podPrefix}.2`]));
  });

  it("registers a node that is Ready and tells where its server listens", async () => {
    const stored = await here.api.get<Node>(NODES, "node-1");
    expect(stored?.status.conditions?.find(({ type }) => type === "Ready")).toMatchObject({
      status: "True",
      reason: "KubeletReady",
    });
    expect(stored?.status["daemonEndpoints"]).toEqual({
      kubeletEndpoint: { Port: expect.any(Number) },
    });
  });

  it("tells when somebody cordons the node", async () => {
    const stored = await here.api.get<Node>(NODES, "node-1");
    if (stored === undefined) throw new Error("the node is not registered");
    await here.api.update<Node>(NODES, { ...stored, spec: { unschedulable: true } });
    await expect
      .poll(() => here.api.eventsOf("node-1"))
      .toContain("NodeNotSchedulable: Node node-1 status is now: NodeNotSchedulable");
  });

  it("leaves no file of a pod behind once its object is gone", async () => {
    await here.api.createPod("web", { containers: [trapping("exit 0")] });
    await here.api.untilPod("web", isRunning);
    await here.api.delete(PODS, "web", { namespace: "test", gracePeriodSeconds: 5 });
    await here.api.untilPod("web", isGone);
    await expect.poll(() => readdirSync(`${here.directory}/pods`)).toEqual([]);
    expect(readdirSync(`${here.directory}/logs`)).toEqual([]);
  });

  it("kills what still runs when it stops, without waiting for a grace period", async () => {
    const marker = `${here.directory}/still-alive`;
    const ignoring = `trap '' TERM; while :; do touch ${marker}; sleep 0.02; done`;
    await here.api.createPod("web", { containers: [shell(ignoring)] });
    await expect.poll(() => existsSync(marker)).toBe(true);
    await here.api.untilPod("web", isRunning);
    await here.stop();
    expect(existsSync(marker)).toBe(false);
    expect(await here.api.pod("web")).toMatchObject({ status: { phase: "Running" } });
  });
});
