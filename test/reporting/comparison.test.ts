import { describe, expect, it } from "vitest";
import { judge } from "#checkers/judge.ts";
import type { ComparableRun } from "#domain/comparable-run.ts";
import { compareRuns } from "#domain/compare-runs.ts";
import { describeComparison } from "#reporting/console/describe-comparison.ts";
import { parseResult } from "#reporting/json/parse-result.ts";
import { renderResult } from "#reporting/json/render-result.ts";
import { aHistory, anExchange, aStream, RESET } from "#test/support/builders.ts";

/** As it is stored and read again: 1,000 exposed requests, some of them lost. */
function aStoredRun(lost: number, rate = 100): ComparableRun {
  const exchanges = Array.from({ length: 1_000 }, (_, seq) =>
    anExchange({ seq, sentAtMs: 4_000 + seq, ...(seq < lost && { outcome: RESET }) }),
  );
  const load = [aStream({ arrival: { type: "constant", perSecond: rate } })];
  const disruptions = [{ type: "none", durationMs: 5 }] as const;
  const history = aHistory({ load, exchanges });
  const report = judge({ ...history, header: { ...history.header, disruptions } }, []);
  return parseResult(renderResult(report), "result.json");
}

describe("a comparison with a baseline", () => {
  it("shows both sides, what chance says to them, and what else changed", () => {
    const comparison = compareRuns(aStoredRun(0), aStoredRun(30, 200));
    const text = describeComparison(comparison).replaceAll(/(?<=\S) {2,}/g, " | ");
    expect(`${text}\n`).toBe(`\
Against run run-1 of 2026-11-24T10:00:00.000Z: 2 of 4 tested numbers worse, 0 better.
  compared with the baseline | before | now | at 95 %
  Request error rate, exposed requests of reused | 0 of 1,000 | 30 of 1,000 | WORSE (p < 0.001)
  Dropped requests, exposed requests | 0 of 1,000 | 30 of 1,000 | WORSE (p < 0.001)
  Stale requests, exposed requests | 0 of 1,000 | 0 of 1,000 | no difference (p = 1.000)
  Failures per termination | 0 | 30 | not tested
  Longest gap | 5 s | 5 s | not tested
  Grace used | mean 19 % of 1 | mean 19 % of 1 | too few to tell
  Forced kills, containers | 0 of 1 | 0 of 1 | no difference (p = 1.000)
  Latency of reused while pods left, p50 | mean 5 ms of 1 | mean 5 ms of 1 | too few to tell
  Latency of reused while pods left, p99 | mean 5 ms of 1 | mean 5 ms of 1 | too few to tell
What changed besides:
  - load reused: 100/s over 16 kept connections → 200/s over 16 kept connections
`);
  });

  it("says so when there is no difference and nothing changed", () => {
    const text = describeComparison(compareRuns(aStoredRun(1), aStoredRun(1)));
    expect(text).toContain("no difference that chance does not explain");
    expect(text).toContain("Nothing that the result rests on has changed.");
  });

  it("reads the result of a version that wrote less", () => {
    const {
      latencies: _,
      load: __,
      ...old
    } = JSON.parse(renderResult(judge(aHistory(), []))) as Record<string, unknown>;
    expect(parseResult(JSON.stringify(old), "x")).toMatchObject({ load: [], latencies: [] });
  });

  it.each(["", "{}", "null", '{"$schema":"urn:lastcall:result:2"}'])(
    "refuses what is no result: %j",
    (text) => {
      expect(() => parseResult(text, "old.json")).toThrow(
        "old.json is not the result.json of a run.",
      );
    },
  );
});
