import { describe, expect, it } from "vitest";
import { evaluateThreshold } from "./evaluate-threshold.ts";
import { NO_EVIDENCE, type SampledStream } from "./measurement.ts";
import type { Threshold } from "./threshold.ts";

const promise: Threshold = { metric: "longest-gap", operator: "<", limit: 1_000, text: "<1s" };

function stream(
  name: string,
  value: number,
  fields: Pick<SampledStream, "resolution"> & Partial<SampledStream>,
): SampledStream {
  return { stream: name, value, summary: `${value} ms on ${name}`, ...fields };
}

const often = (value: number) => stream("often", value, { resolution: 10 });
/** Five requests a second. */
const rare = (value: number) => stream("rare", value, { resolution: 200 });

function judged(streams: readonly SampledStream[], asked = promise) {
  const worst = streams.toSorted((a, b) => b.value - a.value)[0];
  const measurement = {
    metric: "longest-gap",
    value: worst?.value ?? 0,
    resolution: worst?.resolution ?? 0,
    summary: "",
    sample: 100,
    doubts: streams
      .filter(({ resolution }) => resolution === Infinity)
      .map(() => "It fell silent."),
    evidence: NO_EVIDENCE,
    streams,
  } as const;
  const grounds = { doubts: [], terminations: 1, confidence: 0.95 };
  const { verdict, because, measurement: held } = evaluateThreshold(asked, measurement, grounds);
  const { value, resolution, summary } = held;
  return { verdict, because, value, resolution, summary };
}

describe("a promise about several streams", () => {
  it("is judged by the streams that are fine enough, and names those that are not", () => {
    expect(judged([often(306), rare(400)])).toEqual({
      verdict: "pass",
      because: "306 ms keeps <1s. Too rare to carry it: rare (a request every 200 ms).",
      value: 306,
      resolution: 10,
      summary: "306 ms on often",
    });
    expect(judged([often(306)]).because).toBe("306 ms keeps <1s.");
  });

  it("is not broken by a gap of a rare stream that may be as long as the time between two requests", () => {
    expect(judged([often(5), rare(1_199)])).toMatchObject({ verdict: "pass", value: 5 });
  });

  it("is broken by a gap of a rare stream that surely crosses it", () => {
    expect(judged([often(5), rare(1_200)])).toMatchObject({
      verdict: "fail",
      because: "1 s does not keep <1s.",
      summary: "1200 ms on rare",
    });
    expect(judged([rare(1_200)]).verdict).toBe("fail");
  });

  it("is inconclusive when no stream can carry it, whatever the rare ones may have seen", () => {
    const coarser = stream("rarer", 40, { resolution: 2_000 });
    expect(judged([rare(5), coarser])).toMatchObject({
      verdict: "inconclusive",
      because:
        "It was measured to 200 ms only, and <1s needs 100 ms. Offer more requests per second.",
    });
    expect(judged([rare(1_100)])).toMatchObject({ verdict: "inconclusive", value: 900 });
  });

  it("is carried at exactly ten times the fineness", () => {
    const tenth = stream("tenth", 5, { resolution: 100 });
    expect(judged([tenth]).verdict).toBe("pass");
    expect(judged([{ ...tenth, resolution: 100.1 }]).verdict).toBe("inconclusive");
  });

  it("is carried in spite of a stream that falls silent, but not by it", () => {
    const silent = stream("silent", 5_000, { resolution: Infinity });
    expect(judged([often(5), silent])).toMatchObject({
      verdict: "pass",
      because: "5 ms keeps <1s. Too rare to carry it: silent (no request at the end of its ramp).",
    });
    expect(judged([silent])).toMatchObject({
      verdict: "inconclusive",
      because: "It fell silent.",
    });
  });

  it("is not decided where this machine hid what a fine stream might have seen", () => {
    const hidden = { value: 1_500, because: "This machine stalled." };
    const stalled = stream("often", 5, { resolution: 10, atWorst: hidden });
    expect(judged([stalled, rare(5)])).toMatchObject({
      verdict: "inconclusive",
      because: "This machine stalled.",
    });
    expect(judged([often(5), { ...rare(5), atWorst: hidden }]).verdict).toBe("pass");
  });
});
