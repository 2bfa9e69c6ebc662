import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Exchange } from "#domain/exchange.ts";
import type { StreamAccount } from "#domain/history.ts";
import type { HttpStream } from "#domain/load-profile.ts";
import { readLedger } from "#load/read-ledger.ts";
import { startLoad } from "#load/start-load.ts";
import type { BenchAmount, BenchClient } from "./bench-client.ts";

/** A bench run of the real load, with its whole ledger. */
export interface LedgeredRun {
  readonly account: StreamAccount;
  readonly exchanges: readonly Exchange[];
}

/** Runs one stream for as long as its requests take, then reads its ledger. */
export async function runLedgered(
  type: HttpStream["type"],
  url: string,
  { requests, perSecond, connections }: BenchAmount,
): Promise<LedgeredRun> {
  const directory = mkdtempSync(join(tmpdir(), "lastcall-bench-"));
  try {
    const load = await startLoad({
      baseUrl: url,
      streams: [
        {
          type,
          name: "bench",
          arrival: { type: "constant", perSecond },
          request: { method: "GET", path: "/items", headers: {} },
          connections,
          timeouts: { connectMs: 1_000, headersMs: 1_000, bodyMs: 1_000 },
          expect: { statusMin: 200, statusMax: 299 },
        },
      ],
      directory,
      runStartedAtMs: performance.timeOrigin + performance.now(),
      keyPrefix: "bench",
      drainMs: 3_000,
      podHeader: "X-Pod",
    });
    await sleep((requests * 1_000) / perSecond);
    const [account] = (await load.stop()).accounts;
    if (account === undefined || account.harnessFailures.length > 0)
      throw new Error(`The load is broken: ${account?.harnessFailures.join(" ")}`);
    return { account, exchanges: readLedger(directory, "bench") };
  } finally {
    rmSync(directory, { recursive: true });
  }
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
