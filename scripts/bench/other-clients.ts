import { execFile, execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { Client } from "undici";
import type { BenchAmount, BenchClient } from "./bench-client.ts";

interface StockRun
  extends PromiseLike<{
    readonly "2xx": number;
    readonly non2xx: number;
    readonly errors: number;
  }> {
  stop(): void;
}

/** Autocannon as it comes, with its own rate limiter. Its shortest time-out is a second. */
export const stockAutocannon: BenchClient = {
  name: "autocannon, stock",
  async run(url, { requests, connections }, signal) {
    const autocannon = createRequire(import.meta.url)("autocannon") as (
      options: object,
    ) => StockRun;
    const run = autocannon({ url: `${url}/items`, connections, amount: requests, timeout: 1 });
    signal?.addEventListener("abort", () => run.stop());
    const result = await run;
    return { ok: result["2xx"], notOk: result.non2xx + result.errors };
  },
};

/** Undici, one request at a time on each connection. */
export const undici: BenchClient = {
  name: "undici",
  async run(url, { requests, connections }, signal) {
    const count = { ok: 0, notOk: 0 };
    let left = requests;
    const client = async () => {
      const connection = new Client(url, { headersTimeout: 1_000, bodyTimeout: 1_000 });
      while (left-- > 0 && signal?.aborted !== true) {
        try {
          const { statusCode, body } = await connection.request({ method: "GET", path: "/items" });
          await body.text();
          if (statusCode === 200) count.ok++;
          else count.notOk++;
        } catch {
          count.notOk++;
        }
      }
      await connection.close();
    };
    await Promise.all(Array.from({ length: connections }, client));
    return count;
  },
};

/** wrk, where it is installed. It knows no number of requests, so it gets a time instead. */
export const wrk: BenchClient = {
  name: "wrk",
  async run(url, { requests, perSecond, connections }: BenchAmount) {
    const seconds = Math.max(1, Math.round(requests / perSecond));
    const { stdout } = await promisify(execFile)("wrk", [
      "-t1",
      `-c${connections}`,
      `-d${seconds}s`,
      "--timeout",
      "1s",
      `${url}/items`,
    ]);
    return parseWrk(stdout);
  },
};

/** wrk counts an answer of any status as a request, and says apart how many were no success. */
export function parseWrk(output: string): { readonly ok: number; readonly notOk: number } {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0);
  const answered = number(/(\d+) requests in/);
  const errors = number(/Non-2xx or 3xx responses: (\d+)/);
  const lost = ["connect", "read", "write", "timeout"].map((what) =>
    number(new RegExp(`Socket errors:.*\\b${what} (\\d+)`)),
  );
  return { ok: answered - errors, notOk: errors + lost.reduce((sum, each) => sum + each, 0) };
}

export function isInstalled(command: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
