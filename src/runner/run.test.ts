import { describe, expect, it } from "vitest";
import {
  aCluster,
  anUndoLog,
  aReadyPod,
  endpointsAt,
  podAt,
  settledAt,
  WEB,
} from "#disruptions/testing/a-cluster.ts";
import { storedObjects } from "#disruptions/testing/stored-objects.ts";
import type { HistoryHeader } from "#domain/history.ts";
import type { HttpStream } from "#domain/load-profile.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { LoadPlan, LoadResult } from "#ports/load-driver.ts";
import { Run } from "./run.ts";

const WAIT: HttpStream = {
  type: "fresh",
  name: "wait",
  arrival: { type: "constant", perSecond: 5 },
  request: { method: "GET", path: "/slow", headers: {} },
  connections: 64,
  timeouts: { connectMs: 1_000, headersMs: 30_000, bodyMs: 30_000 },
  expect: { statusMin: 200, statusMax: 299 },
};

/** One run that disturbs nothing, on a cluster where everything is ready at once: the load it asked for. */
async function planOf(takesMs: number | undefined, drainMs: number): Promise<LoadPlan | undefined> {
  return (await runOf({ ...WAIT, ...(takesMs !== undefined && { takesMs }) }, drainMs)).plan;
}

async function runOf(
  stream: HttpStream,
  drainMs: number,
  {
    undo = anUndoLog(),
    stopLoad = async (): Promise<LoadResult> => ({ accounts: [] }),
    operations = {} as Partial<Cluster>,
  } = {},
) {
  const scenario: Scenario = {
    name: "web",
    directory: "/nowhere",
    workload: WEB,
    service: "web",
    objects: [{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: {} }],
    images: [],
    load: [stream],
    timing: { warmUpMs: 0, controlMs: 0, recoveryMs: 0, marginMs: 0, deadlineMs: 1_000, drainMs },
  };
  const plans: LoadPlan[] = [];
  const headers: HistoryHeader[] = [];
  const ready = [podAt(0, aReadyPod("web-1")), endpointsAt(0, "web-1"), settledAt(0, 1)];
  const run = await Run.start({
    scenario,
    replicas: 1,
    cluster: aCluster({
      ...storedObjects().operations,
      deleteObject: async () => "deleted",
      observe: async (_scope, onObservation) => {
        for (const observation of ready) onObservation(observation);
        return { stop: async () => undefined };
      },
      apply: async () => undefined,
      readGeneration: async () => 1,
      readUsage: async () => [],
      locateService: async () => ({
        url: "http://127.0.0.1:8080",
        hosts: ["127.0.0.1"],
        via: "NodePort",
      }),
      ...operations,
    }),
    startLoad: async (plan) => {
      plans.push(plan);
      return {
        onProgress: () => undefined,
        stop: stopLoad,
        abort: async () => undefined,
      };
    },
    store: {
      create: async (header) => {
        headers.push(header);
        return {
          directory: "reports/web",
          observe: () => undefined,
          hear: () => undefined,
          close: async () => undefined,
        };
      },
      open: async () => {
        throw new TypeError("The test did not expect this operation.");
      },
    },
    undo,
    mayTouch: () => true,
    maxDisruptedRatio: 1,
    machine: { read: async () => undefined },
    thresholds: [],
    clock: {
      nowMs: () => 0,
      // What waits for nothing goes on at once; the Lease is not renewed before the run has ended.
      sleep: (ms, signal) =>
        ms === 0
          ? Promise.resolve()
          : new Promise((_, reject) => {
              signal.addEventListener("abort", () => reject(signal.reason), { once: true });
            }),
    },
    progress: {
      phase: () => undefined,
      note: () => undefined,
      load: () => undefined,
      pods: () => undefined,
      disruption: () => undefined,
      promises: () => undefined,
    },
    identity: {
      runId: "r1",
      startedAt: "2026-11-24T10:00:00Z",
      zeroAtMs: 0,
      environment: { lastcall: "0.1.0", node: "24", platform: "linux", images: [] },
    },
    signal: new AbortController().signal,
  });
  try {
    await run.disruptUnderLoad([{ type: "none", durationMs: 0 }]);
  } finally {
    await run.stop();
  }
  return { plan: plans[0], header: headers[0] };
}

describe("Run", () => {
  it("lets the load drain as long as the scenario says", async () => {
    expect(await planOf(undefined, 10_000)).toMatchObject({ drainMs: 10_000 });
    expect(await planOf(4_000, 10_000)).toMatchObject({ drainMs: 10_000 });
  });

  it("takes back what was changed also when the load does not end in order", async () => {
    const object = { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "web" };
    const scaled = { type: "field", object, path: "/spec/replicas", before: 2, after: 5 } as const;
    const undo = anUndoLog(scaled);
    const stopLoad = async () => {
      throw new TypeError("the load broke");
    };
    await expect(runOf(WAIT, 1, { undo, stopLoad })).rejects.toThrow("the load broke");
    expect(undo.steps).not.toContain(scaled);
  });

  it("keeps its Lease in mind when it could not be given back", async () => {
    const undo = anUndoLog();
    const deleteObject = async () => {
      throw new TypeError("the API server is away");
    };
    await runOf(WAIT, 1, { undo, operations: { deleteObject } });
    expect(undo.steps).toContainEqual({
      type: "lease",
      namespace: WEB.namespace,
      runId: "r1",
    });
  });

  it("sends the credentials of the load, and does not record them", async () => {
    const headers = { Authorization: "Bearer canary" };
    const { plan, header } = await runOf({ ...WAIT, request: { ...WAIT.request, headers } }, 1);
    expect(plan?.streams).toMatchObject([{ request: { headers } }]);
    expect(JSON.stringify(header)).not.toContain("canary");
    expect(header?.load).toHaveLength(1);
  });

  it("waits for answers that take longer than that on purpose, and a second more", async () => {
    expect(await planOf(15_000, 10_000)).toMatchObject({ drainMs: 16_000 });
  });
});
