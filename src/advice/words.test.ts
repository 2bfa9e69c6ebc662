import { describe, expect, it } from "vitest";
import { aFailure, aReport } from "#test/support/report-builders.ts";
import { gatherClues } from "./clues.ts";
import { casesOf, countOf, evidenceOf, several, time } from "./words.ts";

describe("the words of an advice", () => {
  it("writes times as people do", () => {
    expect([84.4, 1_310, 2_000, 10_000].map(time)).toEqual(["84 ms", "1.31 s", "2 s", "10 s"]);
    expect([several(1, "pod"), several(3, "pod")]).toEqual(["1 pod", "3 pods"]);
  });

  it("says at least where the report holds an extract of the failures", () => {
    const marks = [aFailure({ atMs: 5_100, reason: "connect-refused" })];
    const clues = gatherClues(aReport({ marks }));
    expect(countOf(clues.failures, "request", clues)).toBe("1 request");
    const [stream] = clues.report.closing.streams;
    if (stream === undefined) throw new TypeError("The builder has a stream.");
    const closing = { ...clues.report.closing, streams: [{ ...stream, failed: 9 }] };
    const extract = { ...clues, report: { ...clues.report, closing } };
    expect(countOf(clues.failures, "request", extract)).toBe("at least 1 request");
  });

  it("counts all of the evidence and puts the first three into words", () => {
    const marks = [1, 2, 3, 4].map((seq) =>
      aFailure({ seq, atMs: 5_100, reason: "server-error", status: 503, pod: "web-1" }),
    );
    expect(evidenceOf(gatherClues(aReport({ marks })).failures)).toEqual({
      total: 4,
      examples: [1, 2, 3].map((seq) => `visit #${seq} at 5.10 s: server-error 503, web-1 (proven)`),
    });
    expect(casesOf(["a", "b", "c", "d"])).toEqual({ total: 4, examples: ["a", "b", "c"] });
  });
});
