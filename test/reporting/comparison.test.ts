import { describe, expect, it } from "vitest";
import { judge } from "#checkers/judge.ts";
import type { ComparableRun } from "#domain/comparable-run.ts";
import { compareRuns } from "#domain/compare-runs.ts";
import { describeComparison } from "#reporting/console/describe-comparison.ts";
import { parseResult } from "#reporting/json/parse-result.ts";
import { renderResult } from "#reporting/json/render-result.ts";
import { aHistory, anExchange, RESET } from "#test/support/builders.ts";

/** As it is stored and read again: 1,000 exposed requests, some of them lost. */
function aStoredRun(lost: number): ComparableRun {
  const exchanges = Array.from({ length: 1_000 }, (_, seq) =>
    anExchange({ seq, sentAtMs: 4_000 + seq, ...(seq < lost && { outcome: RESET }) }),
  );
  const disruptions = [{ type: "none", durationMs: 5 }] as const;
  const history = aHistory({ exchanges });
  const report = judge({ ...history, header: { ...history.header, disruptions } }, []);
  return parseResult(renderResult(report), "result.json");
}

describe("a comparison with a baseline", () => {
  it("shows both sides, what chance says to them, and what else changed", () => {
    const rate = (failures: number) => [{ of: "requests of visit", failures, tried: 1_000 }];
    const run = (failures: number, latencies: readonly number[], rateOfLoad: string) => ({
      ...aStoredRun(0),
      load: [{ stream: "visit", offered: rateOfLoad }],
      measurements: [
        { metric: "request-error-rate", counts: rate(failures) },
        { metric: "deregistration-latency", cases: latencies },
        { metric: "longest-gap", value: 5_000 },
      ] as const,
      latencies: [],
    });
    const comparison = compareRuns(
      run(0, [80, 90, 100], "100/s"),
      run(30, [2_000, 2_100], "200/s"),
    );
    const text = describeComparison(comparison).replaceAll(/(?<=\S) {2,}/g, " | ");
    expect(`${text}\n`).toBe(`\
Against run run-1 of 2026-11-24T10:00:00.000Z: 1 of 1 tested numbers worse, 0 better.
  compared with the baseline | before | now | at 95 %
  Request error rate, requests of visit | 0 of 1,000 | 30 of 1,000 | WORSE (p < 0.001)
  Deregistration latency | mean 90 ms of 3 | mean 2.05 s of 2 | too few to tell
  Longest gap | 5 s | 5 s | not tested
What changed besides:
  - load visit: 100/s → 200/s
`);
  });

  it("is made of what a judged history gives", () => {
    const { numbers } = compareRuns(aStoredRun(0), aStoredRun(30));
    const worse = numbers.filter(({ finding }) => finding === "worse").map(({ what }) => what);
    expect(worse).toEqual([
      "Request error rate, exposed requests of reused",
      "Dropped requests, exposed requests",
    ]);
  });

  it("says so when there is no difference and nothing changed", () => {
    const text = describeComparison(compareRuns(aStoredRun(1), aStoredRun(1)));
    expect(text).toContain("no difference that chance does not explain");
    expect(text).toContain("Nothing that the result rests on has changed.");
  });

  it("claims nothing where no number could be tested", () => {
    const bare = { ...aStoredRun(0), measurements: [], latencies: [] };
    const text = describeComparison(compareRuns(bare, bare));
    expect(text).toContain("too little in both runs to tell a difference from chance");
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
