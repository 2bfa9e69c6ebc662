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
import type { DataPathWord } from "#domain/data-path-word.ts";
import type { Disruption } from "#domain/disruption.ts";
import type { HistoryHeader } from "#domain/history.ts";
import type { HttpStream } from "#domain/load-profile.ts";
import type { Observation } from "#domain/observation.ts";
import type { PromiseStanding } from "#domain/promise-standing.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { Threshold } from "#domain/threshold.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster, ServiceAddress } from "#ports/cluster.ts";
import type {
  LoadPlan,
  LoadProgress,
  LoadResult,
  RunningLoad,
  StartLoad,
} from "#ports/load-driver.ts";
import type { Machine } from "#ports/machine.ts";
import type { RunStore } from "#ports/run-store.ts";
import type { UndoLog } from "#ports/undo-log.ts";
import { Run } from "#runner/run.ts";
import type { RunOptions } from "#runner/run-options.ts";

/** A stream whose answers take a while. */
export const WAIT: HttpStream = {
  type: "fresh",
  name: "wait",
  arrival: { type: "constant", perSecond: 5 },
  request: { method: "GET", path: "/slow", headers: {} },
  connections: 64,
  timeouts: { connectMs: 1_000, headersMs: 30_000, bodyMs: 30_000 },
  expect: { statusMin: 200, statusMax: 299 },
};

/** What a test wants otherwise than that everything is ready at once and nothing goes wrong. */
interface Wish {
  readonly drainMs?: number;
  readonly undo?: UndoLog;
  readonly operations?: Partial<Cluster>;
  readonly machine?: Machine;
  readonly thresholds?: readonly Threshold[];
  readonly disruptions?: readonly Disruption[];
  /** What the load reports before it is told to stop. */
  readonly counts?: readonly LoadProgress[];
  /** What the cluster says meanwhile. */
  readonly meanwhile?: readonly Observation[];
  readonly stopLoad?: () => Promise<LoadResult>;
}

/** What a run asked for and what it passed on. */
interface Recorded {
  readonly plans: LoadPlan[];
  readonly headers: HistoryHeader[];
  readonly observations: Observation[];
  readonly words: DataPathWord[];
  readonly standings: (readonly PromiseStanding[])[];
}

/** A whole run of one stream on a scripted cluster; nothing is waited for, and the clock goes on at each look. */
export async function recordRun(stream: HttpStream, wish: Wish = {}): Promise<Recorded> {
  const recorded: Recorded = {
    ...{ plans: [], headers: [], observations: [], words: [], standings: [] },
  };
  const { disruptions = [{ type: "none", durationMs: 0 }], machine, thresholds = [] } = wish;
  const run = await Run.start({
    scenario: aScenario(stream, wish.drainMs ?? 1),
    replicas: 1,
    ...scripted(wish, recorded),
    store: recordingStore(recorded),
    undo: wish.undo ?? anUndoLog(),
    mayTouch: () => true,
    maxDisruptedRatio: 1,
    machine: machine ?? { read: async () => undefined },
    thresholds,
    clock: runningClock(),
    progress: {
      phase: () => undefined,
      note: () => undefined,
      load: () => undefined,
      pods: () => undefined,
      disruption: () => undefined,
      recording: () => undefined,
      promises: (standings) => recorded.standings.push(standings),
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
    await run.disruptUnderLoad(disruptions);
  } finally {
    await run.stop();
  }
  return recorded;
}

function aScenario(stream: HttpStream, drainMs: number): Scenario {
  return {
    name: "web",
    directory: "/nowhere",
    workload: WEB,
    service: "web",
    objects: [{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: {} }],
    images: [],
    load: [stream],
    timing: { warmUpMs: 0, controlMs: 0, recoveryMs: 0, marginMs: 0, deadlineMs: 1_000, drainMs },
  };
}

/** The cluster and the load: what happens meanwhile is told just before the load stops. */
function scripted(wish: Wish, { plans }: Recorded): Pick<RunOptions, "cluster" | "startLoad"> {
  const { operations, counts = [], meanwhile = [], stopLoad } = wish;
  const ready = [podAt(0, aReadyPod("web-1")), endpointsAt(0, "web-1"), settledAt(0, 1)];
  let tellObservation: (observation: Observation) => void = () => undefined;
  const cluster = aCluster({
    ...storedObjects().operations,
    deleteObject: async () => "deleted",
    observe: async (_scope, onObservation) => {
      tellObservation = onObservation;
      for (const observation of ready) onObservation(observation);
      return { stop: async () => undefined };
    },
    apply: async () => undefined,
    readGeneration: async () => 1,
    readUsage: async () => [],
    locateService: async () => SERVICE,
    ...operations,
  });
  const startLoad: StartLoad = async (plan) => {
    plans.push(plan);
    let tellCounts: Parameters<RunningLoad["onProgress"]>[0] = () => undefined;
    return {
      onProgress: (listener) => {
        tellCounts = listener;
      },
      stop: async () => {
        for (const observation of meanwhile) tellObservation(observation);
        if (counts.length > 0) tellCounts(counts);
        return (await stopLoad?.()) ?? { accounts: [] };
      },
      abort: async () => undefined,
    };
  };
  return { cluster, startLoad };
}

/** Where the load of these runs goes. */
export const SERVICE: ServiceAddress = {
  url: "http://127.0.0.1:8080",
  hosts: ["127.0.0.1"],
  via: "NodePort",
};

function recordingStore({ headers, observations, words }: Recorded): RunStore {
  return {
    create: async (header) => {
      headers.push(header);
      return {
        directory: "reports/web",
        observe: (observation) => observations.push(observation),
        hear: (word) => words.push(word),
        close: async () => undefined,
      };
    },
    open: async () => {
      throw new TypeError("The test did not expect this operation.");
    },
  };
}

/** What waits for nothing goes on at once; any other wait ends with the run. */
function runningClock(): Clock {
  let nowMs = 0;
  return {
    nowMs: () => {
      nowMs += 1;
      return nowMs;
    },
    sleep: (ms, signal) =>
      ms === 0
        ? Promise.resolve()
        : new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          }),
  };
}
