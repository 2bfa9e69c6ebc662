import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import {
  EXCHANGE_BYTES,
  type ExchangeRecord,
  encodeExchange,
  exchangesFileName,
  podsFileName,
} from "#domain/ledger-record.ts";
import type { Observation, PodSnapshot } from "#domain/observation.ts";

const STREAMS = ["browse", "visit"] as const;
const PODS = 30;
const CHUNK = 10_000;

/**
 * A run of this many exchanges, drawn: two streams of 1,000/s each, 30 pods leaving one after the other, and one
 * failure in so many requests. It has no report yet.
 */
export function writeLongRun(
  directory: string,
  { exchanges, failureEvery }: { readonly exchanges: number; readonly failureEvery: number },
): void {
  const each = exchanges / STREAMS.length;
  const json = (file: string, value: unknown) =>
    writeFileSync(join(directory, file), JSON.stringify(value));
  const isFailure = (seq: number) => seq % failureEvery === 0;
  json("header.json", header());
  json("closing.json", closing(each, isFailure));
  writeFileSync(
    join(directory, "observations.ndjson"),
    observations(each)
      .map((observation) => `${JSON.stringify(observation)}\n`)
      .join(""),
  );
  const names = Array.from({ length: PODS }, (_, i) => `"pod-${i}"\n`).join("");
  for (const stream of STREAMS) {
    writeFileSync(join(directory, podsFileName(stream)), names);
    const file = join(directory, exchangesFileName(stream));
    writeExchanges(file, each, (seq) => exchangeAt(seq, stream === "visit", isFailure(seq)));
  }
}

function writeExchanges(
  path: string,
  count: number,
  exchangeAt: (seq: number) => ExchangeRecord,
): void {
  const file = openSync(path, "w");
  const chunk = new Uint8Array(CHUNK * EXCHANGE_BYTES);
  const view = new DataView(chunk.buffer);
  for (let seq = 0; seq < count; seq += CHUNK) {
    for (let i = 0; i < CHUNK; i += 1) {
      encodeExchange(view, i * EXCHANGE_BYTES, exchangeAt(seq + i));
    }
    writeSync(file, chunk);
  }
  closeSync(file);
}

function exchangeAt(seq: number, fresh: boolean, failure: boolean): ExchangeRecord {
  return {
    seq,
    scheduledAtMs: seq,
    sentAtMs: seq + 0.1,
    connectedAtMs: seq + 0.2,
    firstByteAtMs: seq + 1,
    endedAtMs: seq + 1 + (seq % 97) / 10,
    connection: fresh ? "new" : "reused",
    connectionId: fresh ? seq : seq % 80,
    localPort: 1_024 + (seq % 60_000),
    pod: 1 + (seq % PODS),
    bytes: 100,
    late: false,
    outcome: failure
      ? { type: "indeterminate", reason: "reset-before-response" }
      : { type: "ok", status: 200 },
  };
}

function header() {
  return {
    format: 1,
    runId: "bench",
    scenario: "bench",
    startedAt: "2026-01-01T00:00:00Z",
    workload: { kind: "Deployment", namespace: "default", name: "bench" },
    disruptions: [],
    marginMs: 1_000,
    environment: {
      lastcall: "0",
      node: process.version,
      platform: process.platform,
      cluster: "none",
      kubernetes: "none",
      images: [],
    },
    load: STREAMS.map((name) => ({
      type: name === "visit" ? "fresh" : "reused",
      name,
      arrival: { type: "constant", perSecond: 1_000 },
      request: { method: "GET", path: "/", headers: {} },
      connections: 80,
      timeouts: { connectMs: 1_000, headersMs: 1_000, bodyMs: 1_000 },
      expect: { statusMin: 200, statusMax: 399 },
    })),
  };
}

function closing(each: number, isFailure: (seq: number) => boolean) {
  const failures = Array.from({ length: each }, (_, seq) => isFailure(seq)).filter(Boolean).length;
  return {
    phases: [
      { name: "control", startedAtMs: 0, endedAtMs: each * 0.2, demandedMs: 0 },
      { name: "recovery", startedAtMs: each * 0.8, endedAtMs: each, demandedMs: 0 },
    ],
    streams: STREAMS.map((stream) => ({
      stream,
      scheduled: each,
      ok: each - failures,
      failed: 0,
      indeterminate: failures,
      undelivered: 0,
      late: 0,
      worstLoopDelayMs: 0,
      harnessFailures: [],
    })),
  };
}

function observations(each: number): readonly Observation[] {
  const pod = (i: number, fields: Partial<PodSnapshot> = {}): PodSnapshot => ({
    name: `pod-${i}`,
    uid: `uid-${i}`,
    phase: "Running",
    ready: true,
    terminationGracePeriodSeconds: 30,
    containers: [{ name: "app", ready: true, restartCount: 0, state: "running" }],
    ...fields,
  });
  const leaving = { deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds: 30 };
  return Array.from({ length: PODS }, (_, i): Observation[] => {
    const atMs = each * (0.2 + i * 0.02);
    return [
      { type: "pod", atMs: 0, change: "added", pod: pod(i) },
      { type: "pod", atMs, change: "modified", pod: pod(i, leaving) },
      { type: "pod", atMs: atMs + 3_000, change: "deleted", pod: pod(i, leaving) },
    ];
  })
    .flat()
    .toSorted((a, b) => a.atMs - b.atMs);
}
