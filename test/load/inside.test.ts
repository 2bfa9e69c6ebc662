import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startEmbeddedCluster } from "#clusters/embedded-cluster.ts";
import { anUndoLog } from "#disruptions/testing/a-cluster.ts";
import type { Exchange } from "#domain/exchange.ts";
import { voidReasons } from "#domain/void-reasons.ts";
import { mergeShares } from "#history/merge-shares.ts";
import { readExchanges } from "#history/read-exchanges.ts";
import { loadInside } from "#load/inside/load-inside.ts";
import { workerJob } from "#load/inside/worker-job.ts";
import { readTransactions } from "#load/read-ledger.ts";
import { startLoad } from "#load/start-load.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { LoadResult, RunningLoad } from "#ports/load-driver.ts";
import type { UndoLog } from "#ports/undo-log.ts";
import { describePutBack, type PutBack, putBack } from "#runner/put-back.ts";
import { httpStream, LoadTrial, transactionStream } from "./load-trial.ts";

const { signal } = new AbortController();
const NAMESPACE = "default";
const IMAGE = "lastcall/runner:test";
const PROGRAM = [
  process.execPath,
  "--conditions=source",
  fileURLToPath(import.meta.resolve("#load-worker.ts")),
];
const STREAMS = [
  httpStream("reused", { arrival: { type: "constant", perSecond: 150 }, connections: 64 }),
  httpStream("fresh", { arrival: { type: "poisson", perSecond: 50, seed: 7 } }),
  transactionStream({ arrival: { type: "constant", perSecond: 10 } }),
];

let cluster: Cluster;
let server: Server;
let url: string;

beforeAll(async () => {
  cluster = await startEmbeddedCluster({
    images: [{ image: "lastcall/runner", directory: process.cwd(), command: PROGRAM }],
  });
  server = createServer((request, response) =>
    answer(request.url ?? "", numberOf(request), response),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert(typeof address === "object" && address !== null);
  url = `http://127.0.0.1:${address.port}`;
}, 120_000);

afterAll(async () => {
  await cluster.stop();
  server.close();
  server.closeAllConnections();
});

function numberOf({ headers }: { readonly headers: NodeJS.Dict<string | string[]> }): number {
  return Number(/-(\d+)$/.exec(String(headers["x-request-id"]))?.[1]);
}

/** What becomes of a request is decided by its number, so that it does not depend on who sends it. */
function answer(path: string, number: number, response: import("node:http").ServerResponse): void {
  response.setHeader("x-pod", `web-${number % 3}`);
  if (path === "/ledger") {
    response.end(JSON.stringify({ transactions: [] }));
  } else if (path !== "/items" || number % 10 > 2) {
    response.end("ok");
  } else if (number % 10 === 0) {
    response.writeHead(500).end();
  } else if (number % 10 === 1) {
    response.writeHead(404).end();
  } else {
    response.writeHead(200, { "content-length": 100 });
    response.write("short", () => response.destroy());
  }
}

interface Trial extends LoadResult {
  readonly exchanges: readonly Exchange[];
}

let runs = 0;

async function underLoadFromInside(
  trial: LoadTrial,
  workers: number,
  during: (load: RunningLoad, runId: string, undo: UndoLog) => Promise<unknown>,
): Promise<Trial & { readonly undo: ReturnType<typeof anUndoLog> }> {
  const undo = anUndoLog();
  const runId = `trial-${runs++}`;
  const tell = () => undefined;
  const start = loadInside({
    ...{ cluster, undo, namespace: NAMESPACE, runId, workers, image: IMAGE },
    ...{ program: PROGRAM, mergeShares, tell, signal },
  });
  const load = await start(trial.plan(url, STREAMS));
  await during(load, runId, undo);
  const result = await load.stop();
  return { ...result, exchanges: exchangesOf(trial), undo };
}

function exchangesOf(trial: LoadTrial): readonly Exchange[] {
  return [
    ...readExchanges(
      trial.directory,
      STREAMS.map(({ name }) => name),
    ),
  ];
}

/** What became of each request that was sent, by its stream and number; a busy machine may have sent fewer. */
function outcomes({ exchanges }: Trial): ReadonlyMap<string, string> {
  const sent = exchanges.filter(
    ({ stream, outcome }) => stream !== "orders" && outcome.type !== "undelivered",
  );
  return new Map(
    sent.map(({ stream, seq, outcome }) => {
      const why = "reason" in outcome ? outcome.reason : "ok";
      return [`${stream} ${seq}`, `${why} ${"status" in outcome ? outcome.status : ""}`];
    }),
  );
}

const jobs = () =>
  cluster.listObjects({ apiVersion: "batch/v1", kind: "Job", namespace: NAMESPACE }, signal);

async function fromOutside(trial: LoadTrial): Promise<Trial> {
  const load = await startLoad(trial.plan(url, STREAMS));
  await sleep(2_000);
  return { ...(await load.stop()), exchanges: exchangesOf(trial) };
}

/** Every request of the streams was offered once, at its place in one common schedule. */
function expectWhole({ accounts, exchanges }: Trial): void {
  for (const { stream, scheduled, harnessFailures } of accounts) {
    const own = exchanges.filter((exchange) => exchange.stream === stream);
    expect(harnessFailures).toEqual([]);
    expect(own).toHaveLength(scheduled);
    if (stream === "orders") continue; // its exchanges are the steps of its transactions
    const bySeq = own.toSorted((a, b) => a.seq - b.seq);
    expect(bySeq.map(({ seq }) => seq)).toEqual(bySeq.map((_, place) => place));
    if (stream !== "reused") continue;
    const [first] = bySeq;
    for (const { seq, scheduledAtMs } of bySeq)
      expect(scheduledAtMs).toBeCloseTo((first?.scheduledAtMs ?? 0) + (seq * 1_000) / 150, 6);
  }
}

/** Of about 400 that each of them offers. */
const MANY = 60;

describe("the load from inside the cluster", () => {
  it("is the same with one worker, with four, and from outside", async () => {
    using one = new LoadTrial();
    using four = new LoadTrial();
    using none = new LoadTrial();
    const outside = await fromOutside(none);
    const alone = await underLoadFromInside(one, 1, () => sleep(2_000));
    const shared = await underLoadFromInside(four, 4, () => sleep(2_000));
    for (const trial of [outside, alone, shared]) expectWhole(trial);
    const seen = [outside, alone, shared].map(outcomes);
    const [ofAll = new Map<string, string>()] = seen;
    const common = [...ofAll.keys()].filter((name) => seen.every((one) => one.has(name)));
    expect(common.length).toBeGreaterThan(MANY);
    for (const name of common) expect(new Set(seen.map((one) => one.get(name))).size).toBe(1);
    expect(new Set(common.map((name) => ofAll.get(name)))).toEqual(
      new Set(["ok 200", "server-error 500", "unexpected-answer 404", "truncated-body 200"]),
    );
    expect(shared.workers).toHaveLength(4);
    for (const { clockBoundMs } of shared.workers ?? []) expect(clockBoundMs).toBeGreaterThan(0);
    expect(voidReasons({ phases: [], streams: [], workers: shared.workers ?? [] })).toEqual([]);
    expect(shared.audit).toMatchObject({ type: "read", entries: [] });
    const keys = readTransactions(four.directory).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(5);
    // No folder of a worker is left in the run's own.
    expect(readdirSync(four.directory)).not.toContain("workers");
  }, 120_000);

  it("tells its progress as one, and leaves neither Job nor undo step behind", async () => {
    using trial = new LoadTrial();
    const told = new Map<string, number>();
    const { accounts, undo } = await underLoadFromInside(trial, 2, async (load) => {
      load.onProgress((progress) => {
        for (const { stream, requests } of progress)
          told.set(stream, (told.get(stream) ?? 0) + requests);
      });
      expect((await jobs()).map(({ metadata }) => metadata.labels)).toMatchObject([
        { "app.kubernetes.io/managed-by": "lastcall" },
      ]);
      await sleep(1_000);
    });
    for (const { stream, scheduled } of accounts) expect(told.get(stream)).toBe(scheduled);
    expect(await jobs()).toEqual([]);
    expect(undo.steps).toEqual([]);
  }, 120_000);

  it("names the worker that was lost, and keeps what came of it until then", async () => {
    using trial = new LoadTrial();
    const result = await underLoadFromInside(trial, 2, async (_, runId) => {
      await sleep(1_500);
      const labelSelector = `lastcall.dev/load-worker=${runId}`;
      const query = { apiVersion: "v1", kind: "Pod", namespace: NAMESPACE, labelSelector };
      const pods = await cluster.listObjects(query, signal);
      const second = pods.find(({ metadata }) => metadata.name.includes(`${runId}-1-`));
      assert(second !== undefined);
      await cluster.deletePod({ namespace: NAMESPACE, name: second.metadata.name }, 0, signal);
      await sleep(1_500);
    });
    const reasons = voidReasons({ phases: [], streams: [], workers: result.workers ?? [] });
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(
      /^The load worker 1 \(pod lastcall-load-trial-\d+-1-.*\) was lost: /,
    );
    const reused = result.exchanges.filter(({ stream }) => stream === "reused");
    const [odd, even] = [1, 0].map((half) => reused.filter(({ seq }) => seq % 2 === half).length);
    expect(odd).toBeGreaterThan(10);
    expect(even).toBeGreaterThan(odd ?? 0);
    expect(result.accounts.find(({ stream }) => stream === "reused")?.scheduled).toBe(
      reused.length,
    );
    expect(await jobs()).toEqual([]);
  }, 120_000);

  it("leaves nothing behind when it cannot begin, and when nobody wants it any more", async () => {
    using trial = new LoadTrial();
    const undo = anUndoLog();
    const gone = new AbortController();
    const options = {
      ...{ cluster, undo, namespace: NAMESPACE, workers: 1, program: PROGRAM, mergeShares },
      tell: () => undefined,
    };
    const missing = loadInside({ ...options, runId: "missing", image: "no/such:1", signal });
    await expect(missing(trial.plan(url, STREAMS))).rejects.toMatchObject({
      code: "LOAD_WORKERS_NOT_STARTED",
    });
    const unwanted = loadInside({
      ...options,
      runId: "unwanted",
      image: IMAGE,
      signal: gone.signal,
    });
    const starting = unwanted(trial.plan(url, STREAMS));
    await sleep(300);
    gone.abort(new Error("Ctrl-C"));
    await expect(starting).rejects.toThrow();
    expect(await jobs()).toEqual([]);
    expect(undo.steps).toEqual([]);
  }, 120_000);

  it("can be removed by whoever finds the undo log, and its workers end with it", async () => {
    using trial = new LoadTrial();
    let restored: readonly PutBack[] = [];
    const result = await underLoadFromInside(trial, 1, async (_, runId, undo) => {
      restored = await putBack({ undo, cluster, wanted: undo.steps }, signal);
      expect(await jobs()).toEqual([]);
      const labelSelector = `lastcall.dev/load-worker=${runId}`;
      const query = { apiVersion: "v1", kind: "Pod", namespace: NAMESPACE, labelSelector };
      await vi.waitFor(async () => expect(await cluster.listObjects(query, signal)).toEqual([]), {
        ...{ timeout: 20_000, interval: 100 },
      });
    });
    expect(restored.map(describePutBack)).toEqual([
      expect.stringMatching(/^Job default\/lastcall-load-trial-\d+ restored$/),
    ]);
    expect(result.workers?.[0]?.lost).toBeDefined();
  }, 120_000);

  it("refuses an audit of a database, before anything is touched", async () => {
    using trial = new LoadTrial();
    const audit = { type: "sqlite", file: "a.db", query: "SELECT 1" } as const;
    const start = loadInside({
      ...{
        cluster,
        undo: anUndoLog(),
        namespace: NAMESPACE,
        runId: "db",
        workers: 1,
        image: IMAGE,
      },
      ...{ program: PROGRAM, mergeShares, tell: () => undefined, signal },
    });
    const streams = [transactionStream({ audit })];
    await expect(start(trial.plan(url, streams))).rejects.toMatchObject({
      code: "AUDIT_FROM_INSIDE",
    });
    expect(await jobs()).toEqual([]);
  });
});

describe("the Job of the load workers", () => {
  it("has no rights on the API, and none on its node", () => {
    const job = workerJob({
      namespace: "shop",
      runId: "r1",
      workers: 3,
      image: IMAGE,
      program: [],
    });
    expect(job).toMatchObject({
      spec: {
        completions: 3,
        backoffLimit: 0,
        template: {
          spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            containers: [
              {
                securityContext: {
                  readOnlyRootFilesystem: true,
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                },
              },
            ],
          },
        },
      },
    });
  });
});
