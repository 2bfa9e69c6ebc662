import { createRequire } from "node:module";
import { Client } from "undici";
import type { BenchClient } from "./bench-client.ts";

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
