import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Exchange } from "#domain/exchange.ts";
import type { HttpStream, LoadStream, TransactionStream } from "#domain/load-profile.ts";
import type { FaultTruthReport } from "#load/faults/fault-truth.ts";
import { readLedger } from "#load/read-ledger.ts";
import { startLoad } from "#load/start-load.ts";
import type { LoadPlan, LoadResult } from "#ports/load-driver.ts";

export const KEY_PREFIX = "trial";

/** A folder that is removed with the test. */
export class LoadTrial implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), "lastcall-load-"));

  plan(baseUrl: string, streams: readonly LoadStream[], drainMs = 2_000): LoadPlan {
    return {
      baseUrl,
      streams,
      directory: this.directory,
      runStartedAtMs: performance.timeOrigin + performance.now(),
      keyPrefix: KEY_PREFIX,
      drainMs,
      podHeader: "X-Pod",
    };
  }

  /** Runs the streams while `meanwhile` goes on, stops, and reads back what the first one wrote. */
  async run(
    plan: LoadPlan,
    meanwhile: Promise<unknown> | number,
  ): Promise<LoadResult & { readonly exchanges: readonly Exchange[] }> {
    const load = await startLoad(plan);
    await (typeof meanwhile === "number" ? sleep(meanwhile) : meanwhile);
    const result = await load.stop();
    return { ...result, exchanges: readLedger(this.directory, plan.streams[0]?.name ?? "") };
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true });
  }
}

/** Long enough that a busy machine is not taken for a silent server. */
export const TIMEOUTS = { connectMs: 1_000, headersMs: 1_000, bodyMs: 1_000 } as const;
export const EXPECT_SUCCESS = { statusMin: 200, statusMax: 299 } as const;

export function httpStream(
  type: HttpStream["type"],
  overrides: Partial<HttpStream> = {},
): HttpStream {
  return {
    type,
    name: type,
    arrival: { type: "constant", perSecond: 1_000 },
    request: { method: "GET", path: "/items", headers: {} },
    connections: 64,
    timeouts: TIMEOUTS,
    expect: EXPECT_SUCCESS,
    ...overrides,
  };
}

/** Two steps, as a shop has them: reserve, then pay. */
export function transactionStream(overrides: Partial<TransactionStream> = {}): TransactionStream {
  const step = (name: string) => ({
    name,
    method: "POST",
    path: `/orders/${name}`,
    headers: { "Idempotency-Key": "{{key}}", "Content-Type": "application/json" },
    body: '{"order":"{{key}}","number":{{seq}}}',
  });
  return {
    type: "transactions",
    name: "orders",
    arrival: { type: "constant", perSecond: 200 },
    steps: [step("reserve"), step("pay")],
    audit: { type: "http", path: "/ledger" },
    effects: ["reserve", "pay"],
    connections: 64,
    timeouts: TIMEOUTS,
    expect: EXPECT_SUCCESS,
    ...overrides,
  };
}

/** The part of the server's truth that is about one stream. */
export function truthOf(stream: string, truth: FaultTruthReport): FaultTruthReport {
  const name = new RegExp(`^${KEY_PREFIX}-${stream}-\\d+/`);
  const mine = (request: string) => name.test(request);
  return {
    ...truth,
    ok: truth.ok.filter(mine),
    faulted: truth.faulted.filter(([request]) => mine(request)),
    raced: truth.raced.filter(mine),
    duplicates: truth.duplicates.filter(mine),
  };
}

/** What the fault server calls the request of an exchange. */
export function requestName({ stream, seq }: Exchange, path = "/items"): string {
  return `${KEY_PREFIX}-${stream}-${seq}${path}`;
}
