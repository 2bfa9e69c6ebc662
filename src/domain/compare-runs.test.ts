import { describe, expect, it } from "vitest";
import { aHistory } from "#test/support/builders.ts";
import type { ComparableMeasurement, ComparableRun } from "./comparable-run.ts";
import { compareRuns } from "./compare-runs.ts";

function aRun(fields: Partial<ComparableRun> = {}): ComparableRun {
  return {
    runId: "now",
    startedAt: "2026-11-24T10:00:00Z",
    scenario: "shop",
    verdict: "pass",
    headline: "Every promise was kept.",
    digests: { manifests: "0123456789" },
    environment: aHistory().header.environment,
    disruptions: ["rolling update of shop"],
    load: [{ stream: "visit", offered: "300/s" }],
    measurements: [],
    latencies: [],
    ...fields,
  };
}

const rate = (failures: number, tried = 4_000): ComparableMeasurement => ({
  metric: "request-error-rate",
  value: failures / tried,
  counts: [{ of: "requests of visit", failures, tried }],
});
const latency = (...cases: readonly number[]): ComparableMeasurement => ({
  metric: "deregistration-latency",
  value: Math.max(...cases),
  cases,
});
const compare = (before: readonly ComparableMeasurement[], now: readonly ComparableMeasurement[]) =>
  compareRuns(aRun({ measurements: before }), aRun({ measurements: now })).numbers;
const finding = (before: ComparableMeasurement, now: ComparableMeasurement) =>
  compare([before], [now])[0]?.finding;

describe("compareRuns", () => {
  it("tells failures that are more or fewer from those that chance deals", () => {
    expect(finding(rate(0), rate(20))).toBe("worse");
    expect(finding(rate(20), rate(0))).toBe("better");
    expect(finding(rate(0), rate(2))).toBe("no-difference");
    expect(compare([rate(0)], [rate(20, 2_000)])).toMatchObject([
      {
        what: "Request error rate, requests of visit",
        before: { type: "count", failures: 0, tried: 4_000 },
        now: { type: "count", failures: 20, tried: 2_000 },
      },
    ]);
  });

  it("tells latencies of the terminations apart by their means", () => {
    const low = latency(100, 110, 120, 130, 140);
    const high = latency(200, 210, 220, 230, 240);
    expect(finding(low, high)).toBe("worse");
    expect(finding(high, low)).toBe("better");
    expect(finding(low, latency(100, 111, 119, 131, 140))).toBe("no-difference");
  });

  it("knows on which side of a metric it is better", () => {
    const capacity = (cases: readonly number[]) => ({ metric: "capacity", cases }) as const;
    const [half, full] = [capacity([0.5, 0.5, 0.5, 0.5]), capacity([1, 1, 1, 1])];
    expect([finding(full, half), finding(half, full)]).toEqual(["worse", "better"]);
  });

  it("says when samples are too few to show a difference, and when nothing was tested", () => {
    expect(finding(latency(1, 2), latency(100, 200))).toBe("too-few");
    expect(
      finding({ metric: "longest-gap", value: 3 }, { metric: "longest-gap", value: 900 }),
    ).toBe("untested");
    expect(
      compare([{ metric: "longest-gap" }], [{ metric: "longest-gap", value: 9 }]),
    ).toMatchObject([{ before: { type: "value" }, now: { type: "value", value: 9 } }]);
  });

  it("holds all numbers together to 95 %: more of them need to be surer", () => {
    const [before, now] = [rate(0), rate(7)]; // chance 0.016
    expect(finding(before, now)).toBe("worse");
    const others = (["dropped-requests", "stale-requests", "forced-kills"] as const).map(
      (metric) => ({ ...rate(3), metric }),
    );
    const findings = compare([before, ...others], [now, ...others]).map((each) => each.finding);
    expect(new Set(findings)).toEqual(new Set(["no-difference"]));
  });

  it("finds a second difference beside a great one", () => {
    const dropped = (failures: number) =>
      ({ ...rate(failures), metric: "dropped-requests" }) as const;
    const stale = (failures: number) => ({ ...rate(failures), metric: "stale-requests" }) as const;
    const numbers = compare(
      [rate(0), dropped(0), stale(3)],
      [rate(50), dropped(8), stale(3)], // 0.0078 is less than 0.05 / 2
    );
    expect(numbers.map((each) => each.finding)).toEqual(["worse", "worse", "no-difference"]);
  });

  it("compares how long answers took while pods left, stream by stream", () => {
    const took = (...ms: readonly number[]) => ({
      latencies: [{ stream: "visit", perTermination: { p50Ms: ms, p99Ms: ms.map((x) => x * 2) } }],
    });
    const { numbers } = compareRuns(aRun(took(5, 6, 7, 8, 9)), aRun(took(15, 16, 17, 18, 19)));
    expect(numbers).toMatchObject([
      { what: "Latency of visit while pods left, p50", unit: "ms", finding: "worse" },
      { what: "Latency of visit while pods left, p99", now: { mean: 34, cases: 5 } },
    ]);
    expect(compareRuns(aRun(took()), aRun(took(1))).numbers).toEqual([]);
  });

  it("says what else changed", () => {
    const { environment } = aRun();
    const before = aRun({
      runId: "before",
      verdict: "fail",
      digests: { manifests: "abcdef0123", load: "x" },
      load: [...aRun().load, { stream: "wait", offered: "5/s" }],
      environment: { ...environment, node: "v22", images: ["shop:1"], commit: "abc" },
    });
    expect(
      compareRuns(before, aRun({ load: [{ stream: "visit", offered: "500/s" }] })),
    ).toMatchObject({
      baseline: { runId: "before", verdict: "fail" },
      run: { runId: "now", verdict: "pass", headline: "Every promise was kept." },
      changes: [
        { what: "Node.js", before: "v22", now: "v24" },
        { what: "images", before: "shop:1", now: "none" },
        { what: "commit", before: "abc", now: "none" },
        { what: "scenario's manifests", before: "abcdef01", now: "01234567" },
        { what: "load visit", before: "300/s", now: "500/s" },
        { what: "load wait", before: "5/s", now: "none" },
      ],
    });
    expect(compareRuns(before, before).changes).toEqual([]);
  });
});
