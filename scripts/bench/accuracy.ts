import { setTimeout as sleep } from "node:timers/promises";
import type { Exchange } from "#domain/exchange.ts";
import type { HttpStream } from "#domain/load-profile.ts";
import { startFaultServer } from "../../test/fixtures/fault-server.ts";
import { runLedgered } from "./lastcall-client.ts";

const BUCKET_MS = 100;

/** How even and how punctual 1,000 requests a second are sent. */
export async function rateAccuracy(type: HttpStream["type"]): Promise<string> {
  const server = await startFaultServer();
  try {
    const amount = { requests: 10_000, perSecond: 1_000, connections: 128 };
    const { account, exchanges } = await runLedgered(type, server.url, amount);
    const sent = exchanges.filter(({ outcome }) => outcome.type !== "undelivered");
    const lags = sent.map((each) => each.sentAtMs - each.scheduledAtMs).toSorted((a, b) => a - b);
    const rms = bucketError(sent, amount.perSecond) * 100;
    const buckets = `${rms.toFixed(2)} %`;
    const lag = `${quantile(lags, 0.5).toFixed(2)} / ${quantile(lags, 0.99).toFixed(2)} / ${quantile(lags, 1).toFixed(2)} ms`;
    return `| ${type} | ${account.scheduled} | ${sent.length} | ${buckets} | ${lag} | ${account.late} | ${account.worstLoopDelayMs.toFixed(1)} ms |`;
  } finally {
    await server.stop();
  }
}

/** Whether a stall of one second is seen by all the requests that were due during it. */
export async function stallSeen(type: HttpStream["type"]): Promise<string> {
  const server = await startFaultServer();
  try {
    const amount = { requests: 1_000, perSecond: 200, connections: 400 };
    const [{ exchanges }] = await Promise.all([
      runLedgered(type, server.url, amount),
      sleep(2_000).then(() => server.stall(1_000)),
    ]);
    const latencies = exchanges
      .map(({ scheduledAtMs, endedAtMs }) => endedAtMs - scheduledAtMs)
      .toSorted((a, b) => a - b);
    const at = (share: number) => `${quantile(latencies, share).toFixed(0)} ms`;
    return `| ${type} | ${exchanges.length} | ${at(0.5)} | ${at(0.9)} | ${at(0.99)} | ${at(1)} |`;
  } finally {
    await server.stop();
  }
}

/** The root mean square of the relative error of each tenth of a second; the first and last are partial. */
function bucketError(sent: readonly Exchange[], perSecond: number): number {
  const buckets = new Map<number, number>();
  const firstMs = Math.min(...sent.slice(0, 100).map(({ scheduledAtMs }) => scheduledAtMs));
  for (const { sentAtMs } of sent) {
    const bucket = Math.floor((sentAtMs - firstMs) / BUCKET_MS);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  }
  const last = Math.max(...buckets.keys());
  const expected = (perSecond * BUCKET_MS) / 1_000;
  const errors = Array.from({ length: last - 1 }, (_, index) => {
    return ((buckets.get(index + 1) ?? 0) / expected - 1) ** 2;
  });
  return Math.sqrt(errors.reduce((sum, each) => sum + each, 0) / errors.length);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
