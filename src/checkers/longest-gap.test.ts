import { describe, expect, it } from "vitest";
import { evaluateThreshold } from "#domain/evaluate-threshold.ts";
import type { Exchange } from "#domain/exchange.ts";
import type { ArrivalRate } from "#domain/load-profile.ts";
import type { Threshold } from "#domain/threshold.ts";
import { aHistory, anExchange, aStream, RESET } from "#test/support/builders.ts";
import { measureAlone } from "#test/support/measure-alone.ts";
import { longestGap } from "./longest-gap.ts";

const ramp = (fromPerSecond: number, perSecond: number): ArrivalRate => ({
  type: "ramp",
  fromPerSecond,
  perSecond,
  rampMs: 20_000,
});

function measure(exchanges: readonly Exchange[], arrival?: ArrivalRate) {
  const load = [aStream(arrival === undefined ? {} : { arrival })];
  return measureAlone(longestGap, aHistory({ load, exchanges }));
}

const at = (...dueMs: number[]) => dueMs.map((scheduledAtMs) => anExchange({ scheduledAtMs }));

describe("longestGap", () => {
  it("is the longest time without a success though something was due", () => {
    const lost = anExchange({ scheduledAtMs: 3_000, outcome: RESET });
    expect(measure([...at(2_000), lost, ...at(6_000, 9_990)])).toMatchObject({
      value: 3_005,
      sample: 3,
      resolution: 10,
      doubts: [],
      summary: "3005 ms without a success on reused, from 3.00 s",
    });
  });

  it("is not measured when nothing succeeded", () => {
    expect(measure([anExchange({ outcome: RESET })]).value).toBeUndefined();
  });

  it("does not fail a stream of rare requests for being rare", () => {
    const rare = measure(at(2_000, 4_000, 6_000, 8_000), { type: "constant", perSecond: 0.5 });
    expect([rare.value, rare.resolution]).toEqual([5, 2_000]);
  });

  it("lets a stream of five requests a second stand beside one that can carry the promise", () => {
    const load = [
      aStream({ name: "often", arrival: { type: "constant", perSecond: 100 } }),
      aStream({ name: "rare", arrival: { type: "constant", perSecond: 5 } }),
    ];
    const exchanges = load.flatMap(({ name, arrival }) =>
      Array.from({ length: arrival.perSecond * 10 }, (_, seq) =>
        anExchange({ seq, stream: name, scheduledAtMs: (seq * 1000) / arrival.perSecond }),
      ),
    );
    const lost = (fromMs: number, untilMs: number) =>
      exchanges.map((each) =>
        each.stream === "rare" && each.sentAtMs >= fromMs && each.sentAtMs < untilMs
          ? { ...each, outcome: RESET }
          : each,
      );
    const promise: Threshold = { metric: "longest-gap", operator: "<", limit: 1_000, text: "<1s" };
    const judged = (seen: readonly Exchange[]) => {
      const measurement = measureAlone(longestGap, aHistory({ load, exchanges: seen }));
      return evaluateThreshold(promise, measurement, {
        doubts: [],
        terminations: 1,
        confidence: 0.95,
      });
    };
    expect(judged(exchanges)).toMatchObject({
      verdict: "pass",
      because: "5 ms keeps <1s. Too rare to carry it: rare (a request every 200 ms).",
    });
    expect(judged(lost(5_000, 6_000)).verdict).toBe("pass");
    expect(judged(lost(5_000, 6_200)).verdict).toBe("fail");
  });

  it("is as fine as the lowest rate of a ramp", () => {
    expect(measure(at(100), ramp(100, 10)).resolution).toBe(100);
    expect(measure(at(100), ramp(10, 100)).resolution).toBeCloseTo(97.8, 1);
    expect(measure(at(100), ramp(0, 100)).resolution).toBeCloseTo(632.5, 1);
  });

  it("doubts the silence of a ramp that ends with nothing", () => {
    expect(measure(at(100), ramp(100, 0)).doubts).toEqual([
      "reused offers nothing at the end of its ramp, and its silence says nothing.",
    ]);
  });

  it("does not decide a promise that only a stall of this machine breaks", () => {
    const stalled = Array.from({ length: 90 }, (_, i) => {
      const scheduledAtMs = 5_000 + i * 10;
      return anExchange({ scheduledAtMs, sentAtMs: 5_900, endedAtMs: 5_905, late: true });
    });
    const exchanges = [...at(4_990), ...stalled, ...at(5_900, 9_990)];
    expect(measure(exchanges)).toMatchObject({
      value: 5,
      atWorst: {
        value: 905,
        because:
          "Nothing succeeded on reused for 905 ms until 5.91 s, but for 900 ms of it this machine itself sent late or nothing.",
      },
    });
    const verdictOf = (limit: number) => {
      const promise: Threshold = { metric: "longest-gap", operator: "<", limit, text: "asked" };
      const grounds = { doubts: [], terminations: 1, confidence: 0.95 };
      return evaluateThreshold(promise, measure(exchanges), grounds).verdict;
    };
    expect([verdictOf(500), verdictOf(1_000)]).toEqual(["inconclusive", "pass"]);
  });
});
