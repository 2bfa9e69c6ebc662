import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Exchange } from "#domain/exchange.ts";
import type { StreamAccount } from "#domain/history.ts";
import type { HttpStream } from "#domain/load-profile.ts";
import { prepareRun } from "#load/load-run.ts";
import { readLedger } from "#load/read-ledger.ts";
import { zeroOfRun } from "#load/run-clock.ts";
import { startLoad } from "#load/start-load.ts";
import type { LoadPlan } from "#ports/load-driver.ts";
import type { BenchAmount, BenchClient } from "./bench-client.ts";

const STREAM = "bench";

/** A bench run of the real load, with its whole ledger. */
export interface LedgeredRun {
  readonly plan: LoadPlan;
  readonly account: StreamAccount;
  readonly exchanges: readonly Exchange[];
}

/** Starts one stream; whoever stops it gets its ledger. */
export async function startLedgered(
  type: HttpStream["type"],
  url: string,
  amount: BenchAmount,
): Promise<{ stop(): Promise<LedgeredRun> }> {
  const folder = new BenchFolder();
  const plan = benchPlan(type, url, amount, folder.path);
  const load = await startLoad(plan);
  return {
    async stop() {
      using _ = folder;
      const { accounts } = await load.stop();
      return { plan, account: soundAccount(accounts), exchanges: readLedger(folder.path, STREAM) };
    },
  };
}

/** Runs one stream for as long as its requests take, then reads its ledger. */
export async function runLedgered(
  type: HttpStream["type"],
  url: string,
  amount: BenchAmount,
): Promise<LedgeredRun> {
  const running = await startLedgered(type, url, amount);
  await sleep((amount.requests * 1_000) / amount.perSecond);
  return await running.stop();
}

export function lastcallClient(type: HttpStream["type"]): BenchClient {
  return {
    name: `Lastcall, ${type}`,
    async run(url, amount) {
      const { account } = await runLedgered(type, url, amount);
      return { ok: account.ok, notOk: account.failed + account.indeterminate };
    },
  };
}

/** The same load on this process's own event loop, so that its CPU can be measured as that of the others. */
export const lastcallInProcess: BenchClient = {
  name: "Lastcall, reused",
  async run(url, amount) {
    using folder = new BenchFolder();
    const plan = benchPlan("reused", url, amount, folder.path);
    const run = (await prepareRun(plan, zeroOfRun(plan.runStartedAtMs))).begin();
    await sleep((amount.requests * 1_000) / amount.perSecond);
    const account = soundAccount((await run.stop()).accounts);
    return { ok: account.ok, notOk: account.failed + account.indeterminate };
  },
};

class BenchFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "lastcall-bench-"));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

function benchPlan(
  type: HttpStream["type"],
  url: string,
  { perSecond, connections }: BenchAmount,
  directory: string,
): LoadPlan {
  const stream: HttpStream = {
    type,
    name: STREAM,
    arrival: { type: "constant", perSecond },
    request: { method: "GET", path: "/items", headers: {} },
    connections,
    timeouts: { connectMs: 1_000, headersMs: 1_000, bodyMs: 1_000 },
    expect: { statusMin: 200, statusMax: 299 },
  };
  return {
    baseUrl: url,
    streams: [stream],
    directory,
    runStartedAtMs: performance.timeOrigin + performance.now(),
    keyPrefix: "bench",
    drainMs: 3_000,
    podHeader: "X-Pod",
  };
}

function soundAccount([account]: readonly StreamAccount[]): StreamAccount {
  if (account === undefined || account.harnessFailures.length > 0)
    throw new Error(`The load is broken: ${account?.harnessFailures.join(" ")}`);
  return account;
}
