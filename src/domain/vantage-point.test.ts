import { describe, expect, it } from "vitest";
import { aHistory, anExchange } from "#test/support/builders.ts";
import { mergeLedgers } from "./merge-ledgers.ts";
import { poolHistories } from "./pool-histories.ts";
import { workerOf } from "./vantage-point.ts";

describe("workerOf", () => {
  it("finds the worker of a connection again, after its ledger was merged and its run pooled", () => {
    const ledgers = [0, 1, 2].map((worker) => ({
      exchanges: [1, 2, 3].map((connectionId) =>
        anExchange({ seq: worker, sentAtMs: connectionId * 10, connectionId }),
      ),
      ...{ transactions: [], streams: [] },
    }));
    const history = aHistory({ exchanges: [...mergeLedgers(ledgers, ["reused"]).exchanges] });
    const found = (repetitions: number) => {
      const pool = poolHistories(Array(repetitions).fill(history), repetitions);
      return [...pool.exchanges].map((each) => workerOf(each, { workers: 3, repetitions }));
    };
    const workers = [...history.exchanges].map(({ seq }) => seq);
    expect(found(1)).toEqual(workers);
    expect(found(2)).toEqual([...workers, ...workers]);
    expect(new Set(workers)).toEqual(new Set([0, 1, 2]));
  });
});
