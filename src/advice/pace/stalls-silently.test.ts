import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aReport, measured, promised } from "#test/support/report-builders.ts";
import { stallsSilently } from "./stalls-silently.ts";

describe("stallsSilently", () => {
  const gapOf = (fields: object, asked: "fail" | "pass" | "unasked" = "fail") =>
    aReport({
      gaps: [
        { stream: "visit", fromMs: 8_000, lengthMs: 910, failures: 0, usualMs: 30, ...fields },
      ],
      results: asked === "unasked" ? [] : [promised(measured("longest-gap", 910), asked)],
    });

  it("speaks when all was answered well, and late, and says who was leaving then", () => {
    const advice = ask(stallsSilently, faulty("stalls-silently"));
    expect(advice?.explanation).toContain(
      "For 910 ms from 8 s on no request of visit was answered",
    );
    expect(advice?.explanation).toContain("web-1, web-2 were leaving then");
  });

  it("speaks without a promise only from the product's own second on", () => {
    expect(ask(stallsSilently, gapOf({}, "unasked"))).toBeUndefined();
    // A hint, so that it never comes before the cause of what was promised and broken.
    expect(ask(stallsSilently, gapOf({ lengthMs: 1_100 }, "unasked"))).toMatchObject({
      cause: "stalls-silently",
      hint: true,
    });
    expect(ask(stallsSilently, gapOf({}))?.hint).toBeUndefined();
  });

  it.each([
    ["requests failed in the gap", { failures: 1 }],
    ["the stream's gaps are always about as long", { usualMs: 400 }],
    ["the stream is too rare to tell", { stream: "wait", lengthMs: 1_900 }],
    ["nothing of the stream had been answered before to compare with", { usualMs: 0 }],
    ["nothing was answered afterwards", { fromMs: 8_000, lengthMs: 2_000 }],
  ])("is silent when %s", (_, fields) => {
    expect(ask(stallsSilently, gapOf(fields))).toBeUndefined();
  });

  it("is silent when a large part of the stream was never sent", () => {
    const starved = (undelivered: number) => {
      const { closing, ...report } = gapOf({});
      const streams = closing.streams.map((account) =>
        account.stream === "visit" ? { ...account, undelivered } : account,
      );
      return { ...report, closing: { ...closing, streams } };
    };
    const { scheduled = 0 } =
      gapOf({}).closing.streams.find(({ stream }) => stream === "visit") ?? {};
    expect(ask(stallsSilently, starved(scheduled / 20))?.cause).toBe("stalls-silently");
    expect(ask(stallsSilently, starved(scheduled / 5))).toBeUndefined();
  });

  it("is silent when the promise was kept", () => {
    expect(ask(stallsSilently, gapOf({ lengthMs: 1_100 }, "pass"))).toBeUndefined();
  });
});
