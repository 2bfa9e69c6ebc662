import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import { anUndoLog } from "#disruptions/testing/a-cluster.ts";
import type { Disruption } from "#domain/disruption.ts";
import { HarnessError } from "#domain/errors.ts";
import type { Observation } from "#domain/observation.ts";
import { rbacManifests } from "#domain/rbac-manifests.ts";
import { requiredAccess } from "#domain/required-access.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { type EmbeddedCluster, startCluster } from "#embedded/index.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import { Run } from "#runner/run.ts";
import {
  type AuthorizingProxy,
  type Grant,
  grantsOf,
  startAuthorizingProxy,
} from "#test/support/authorizing-proxy.ts";
import { CLOCK, IMAGES, manifests } from "./workbench.ts";

/*
 * What `lastcall rbac` prints against what runs ask for, both ways: the embedded API server lets everybody do
 * everything, so a proxy before it refuses what was not granted. Nobody offers load, and the harness's clock
 * goes ten times as fast, so that a Lease is renewed and lost within seconds.
 */
const SPEED = 10;
const ACCOUNT = { name: "lastcall", namespace: "shop" };
/** What a run asks for and does without. */
const DISPENSABLE = new Set(["get namespaces", "list nodes", "get nodes/proxy"]);

let embedded: EmbeddedCluster;
let proxy: AuthorizingProxy;
let cluster: Cluster;
let reports: string;

beforeAll(async () => {
  reports = await mkdtemp(join(tmpdir(), "lastcall-rbac-"));
  embedded = await startCluster({ images: IMAGES, dataPathDelayMs: 10 });
  const { kubeconfig } = embedded;
  const admin = await connectCluster({ kubeconfig, description: "embedded" });
  for (const name of ["shop", "spare"]) {
    const labels = { "lastcall.dev/test-owned": "true" };
    await admin.createObject(
      { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
      signal,
    );
  }
  await admin.stop();
  proxy = await startAuthorizingProxy(kubeconfig, ACCOUNT);
  cluster = await connectCluster({
    kubeconfig: proxy.kubeconfig,
    description: "proxied",
    reachesClusterIPs: true,
  });
}, 30_000);

afterAll(async () => {
  await cluster.stop();
  await proxy.stop();
  await embedded.stop();
  await rm(reports, { recursive: true });
});

const { signal } = new AbortController();
const workload: WorkloadRef = { kind: "Deployment", namespace: "shop", name: "web" };

function aScenario(over: Partial<Scenario> = {}): Scenario {
  return {
    name: "web",
    directory: reports,
    workload,
    service: "web",
    objects: manifests(workload, 2),
    images: [],
    load: [],
    timing: {
      warmUpMs: 0,
      controlMs: 0,
      recoveryMs: 0,
      marginMs: 0,
      deadlineMs: 100_000,
      drainMs: 0,
    },
    ...over,
  };
}

const fast: Clock = {
  nowMs: () => CLOCK.nowMs() * SPEED,
  sleep: (ms, sleepSignal) => CLOCK.sleep(ms / SPEED, sleepSignal),
};

function grantsFor(scenario: Scenario, disruptions: readonly Disruption[]): readonly Grant[] {
  const access = requiredAccess({ scenario, disruptions, promises: [] });
  return grantsOf(rbacManifests(access, ACCOUNT), ACCOUNT);
}

let runs = 0;

/** What became of a run: what it saw, and the error that ended it. */
async function runOf(scenario: Scenario, disruptions: readonly Disruption[]) {
  const seen: Observation[] = [];
  const notes: string[] = [];
  let error: unknown;
  runs += 1;
  const identity = { runId: `rbac-${runs}`, startedAt: new Date().toISOString() };
  let run: Run | undefined;
  try {
    run = await Run.start({
      scenario,
      replicas: undefined,
      thresholds: [],
      cluster,
      startLoad: async () => ({
        onProgress: () => undefined,
        stop: async () => ({ accounts: [] }),
        abort: async () => undefined,
      }),
      store: {
        create: async () => ({
          directory: reports,
          observe: (one: Observation) => void seen.push(one),
          hear: () => undefined,
          close: async () => undefined,
        }),
        open: () => Promise.reject(new Error("Nobody reads it.")),
      },
      undo: anUndoLog(),
      mayTouch: (namespace) => !namespace.startsWith("kube-"),
      maxDisruptedRatio: 1,
      machine: { read: async () => undefined },
      clock: fast,
      progress: {
        phase: () => undefined,
        note: (line) => void notes.push(line),
        load: () => undefined,
        pods: () => undefined,
        disruption: () => undefined,
        recording: () => undefined,
        promises: () => undefined,
      },
      identity: {
        ...identity,
        zeroAtMs: 0,
        environment: { lastcall: "0", node: process.version, platform: "linux", images: [] },
      },
      signal,
    });
    await run.disruptUnderLoad(disruptions);
  } catch (caught) {
    error = caught;
  } finally {
    await run?.stop();
  }
  return { seen, notes, error };
}

const deletion: Disruption = { type: "delete-pods", workload, count: 1 };
const update: Disruption = { type: "rolling-update", workload };
/** Long enough for a Lease to be renewed. */
const waiting: Disruption = { type: "none", durationMs: 6_000 };

/** The workload that says a word and never gets ready. */
function broken(): Scenario {
  const scenario = aScenario();
  const objects = JSON.parse(
    JSON.stringify(scenario.objects)
      .replace('"tcpSocket":{"port":8080}', '"tcpSocket":{"port":9}')
      .replace("process.on(", "console.log('I am here'); process.on("),
  ) as Scenario["objects"];
  return { ...scenario, objects, timing: { ...scenario.timing, deadlineMs: 30_000 } };
}

const asText = (grants: Iterable<Grant>) =>
  [...grants].map(({ verb, resource, name = "" }) => `${verb} ${resource} ${name}`.trim());

describe("the printed rules of a rolling update and a deletion", () => {
  it("suffice, and each is needed", async () => {
    const grants = grantsFor(aScenario(), [update, deletion]);
    proxy.grant(grants);
    const first = await runOf(aScenario(), [update, waiting]);
    const second = await runOf(aScenario(), [deletion]); // what is there already is updated
    expect([first.error, second.error]).toEqual([undefined, undefined]);
    expect([...first.seen, ...second.seen].filter(isRefusedWatch)).toEqual([]);
    expect(await runOf(broken(), [])).toMatchObject({
      error: { code: "WORKLOAD_NOT_READY", hint: expect.stringContaining("I am here") },
    });
    expect(proxy.refused.difference(DISPENSABLE)).toEqual(new Set());
    expect(asText(grants.filter((grant) => !proxy.used.has(grant)))).toEqual([]);
  }, 60_000);

  it("let no verb go without the run being refused, or saying what it could not see", async () => {
    const all = grantsFor(aScenario(), [update, deletion]);
    const silent: string[] = [];
    for (const missing of all) {
      if (missing.verb === "create") await removeAll();
      proxy.grant(all.filter((grant) => grant !== missing));
      const isLog = missing.resource === "pods/log";
      const { seen, notes, error } = await runOf(
        isLog ? broken() : aScenario(),
        disruptionsThatAsk(missing),
      );
      const told =
        seen.some(isRefusedWatch) ||
        notes.some((note) => note.includes("could not be given back")) ||
        (error instanceof HarnessError && !error.hint.includes("I am here"));
      if (!told) silent.push(...asText([missing]), String(error));
    }
    expect(silent).toEqual([]);
  }, 120_000);
});

const job = { apiVersion: "batch/v1", kind: "Job", namespace: "shop", name: "count" } as const;
const change = { type: "env", name: "COLOUR", value: "blue" } as const;

describe("what is printed for a disruption beyond what every run needs", () => {
  it.each<{ readonly name: string; readonly disruptions: readonly Disruption[] }>([
    {
      name: "rollout-undo",
      disruptions: [
        { ...update, change },
        { type: "rollout-undo", workload },
      ],
    },
    { name: "scale", disruptions: [{ type: "scale", workload, replicas: 3, andBack: true }] },
    { name: "evict-pods", disruptions: [{ type: "evict-pods", workload, count: 1 }] },
    { name: "cordon-nodes", disruptions: [{ type: "cordon-nodes", workload, count: 1 }] },
    { name: "drain-nodes", disruptions: [{ type: "drain-nodes", workload, count: 1 }] },
    { name: "taint-nodes", disruptions: [{ type: "taint-nodes", workload, count: 1 }] },
    { name: "shut-down-nodes", disruptions: [{ type: "shut-down-nodes", workload, count: 1 }] },
    {
      // From inside it would go over a WebSocket, which the proxy does not pass on.
      name: "signal-pods, from the node",
      disruptions: [{ type: "signal-pods", workload, signal: "SIGKILL", count: 1 }],
    },
    { name: "delete-job", disruptions: [{ type: "delete-job", job }] },
    { name: "delete-namespace", disruptions: [{ type: "delete-namespace", namespace: "spare" }] },
  ])("is what it asks for: $name", async ({ disruptions }) => {
    const scenario = aScenario();
    const withJob = { ...scenario, objects: [...scenario.objects, aJob()] };
    const common = asText(grantsFor(withJob, []));
    const grants = grantsFor(withJob, disruptions);
    proxy.grant(grants);
    expect(await runOf(withJob, disruptions)).toMatchObject({ error: undefined });
    expect(proxy.refused.difference(DISPENSABLE)).toEqual(new Set());
    const unused = asText(grants.filter((grant) => !proxy.used.has(grant)));
    expect(unused.filter((grant) => !common.includes(grant))).toEqual([]);
  });
});

function aJob(): Scenario["objects"][number] {
  const { apiVersion, kind, namespace, name } = job;
  const command = [process.execPath, "-e", "setTimeout(() => {}, 60_000)"];
  const containers = [{ name: "count", image: "node", command }];
  const pod = { restartPolicy: "Never", terminationGracePeriodSeconds: 1, containers };
  const spec = { template: { spec: pod } };
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

/** What a run has to do until it asks for this; setting up asks for most of it. */
function disruptionsThatAsk({ verb, resource }: Grant): readonly Disruption[] {
  if (resource === "deployments" && verb === "patch") return [update];
  if (resource === "pods" && verb === "delete") return [deletion];
  const lost = resource === "leases" && verb === "patch"; // by its renewals
  return [{ type: "none", durationMs: lost ? 30_000 : 1_000 }];
}

/** The clock is so fast that a watch may fall silent, which is another matter. */
function isRefusedWatch(observation: Observation): boolean {
  return observation.type === "watch-gap" && observation.reason.includes("403");
}

async function removeAll(): Promise<void> {
  const { kubeconfig } = embedded;
  const admin = await connectCluster({ kubeconfig, description: "embedded" });
  for (const { apiVersion, kind, metadata } of aScenario().objects) {
    await admin.deleteObject({ apiVersion, kind, ...metadata }, {}, signal);
  }
  await admin.stop();
}
