import { once } from "node:events";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import type { Disruption } from "#domain/disruption.ts";
import { folderRunStore } from "#history/run-store.ts";
import { Run } from "#runner/run.ts";
import { undoLogOf } from "#safety.ts";
import { loadScenario } from "#scenario/load-scenario.ts";
import { CLOCK } from "#test/disruptions/workbench.ts";

/*
 * A run in a process of its own, to be killed: one line of input says what it has to do. It says `setup` when it
 * begins, and `disrupting` when the first disruption does. Nobody offers load: what is changed on the cluster does
 * not depend on it.
 */
interface Order {
  readonly scenario: string;
  readonly reports: string;
  readonly disruptions: readonly Disruption[];
}

const [text = ""] = (await once(createInterface(process.stdin), "line")) as [string?];
const { disruptions, ...folders } = JSON.parse(text) as Order; // written by the test
const scenario = await loadScenario(folders.scenario);
const identity = {
  runId: `kill-${process.pid}`,
  startedAt: new Date(performance.timeOrigin).toISOString(),
};
const target = await connectCluster({ kubeconfig: "default", description: "target" });
const run = await Run.start({
  scenario: { ...scenario, url: "http://127.0.0.1:1" },
  replicas: undefined,
  // Nobody counts what containers hold open: that would take longer than all the rest.
  cluster: { ...target, readUsage: async () => [] },
  startLoad: async () => ({
    onProgress: () => undefined,
    stop: async () => ({ accounts: [] }),
    abort: async () => undefined,
  }),
  store: folderRunStore(folders.reports),
  undo: await undoLogOf({ scenario, cluster: "context:embedded" }, identity),
  mayTouch: (namespace) => !namespace.startsWith("kube-"),
  maxDisruptedRatio: 1,
  machine: { read: async () => undefined },
  thresholds: [],
  clock: CLOCK,
  progress: {
    // At once: what is buffered is lost with the process.
    phase: (name) => void (name === "setup" && writeSync(1, "setup\n")),
    note: () => undefined,
    load: () => undefined,
    pods: () => undefined,
    disruption: () => void writeSync(1, "disrupting\n"),
    recording: () => undefined,
    promises: () => undefined,
  },
  identity: {
    ...identity,
    zeroAtMs: performance.timeOrigin,
    environment: { lastcall: "0", node: process.version, platform: "linux", images: [] },
  },
  signal: new AbortController().signal,
});
await run.disruptUnderLoad(disruptions);
