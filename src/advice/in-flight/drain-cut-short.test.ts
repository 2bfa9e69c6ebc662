import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aLeaving, aReport } from "#test/support/report-builders.ts";
import { drainCutShort } from "./drain-cut-short.ts";

describe("drainCutShort", () => {
  it("speaks when requests were lost at an exit of the program's own, well after SIGTERM", () => {
    const advice = ask(drainCutShort, faulty("drain-cut-short"));
    expect(advice?.explanation).toContain("3 pods of 3 exited by themselves 2 s after SIGTERM");
    expect(advice?.explanation).toContain("did not use the 10 s of grace");
  });

  it("is silent when the grace ran out, and when only answers that had begun were cut", () => {
    expect(ask(drainCutShort, faulty("grace-too-short"))).toBeUndefined();
    expect(ask(drainCutShort, faulty("truncates-bodies"))).toBeUndefined();
  });

  it("is silent when the connections were lost long before the exit", () => {
    const marks = [aFailure({ atMs: 7_000, livedMs: 2_400, reason: "reset-before-response" })];
    const withExit = (afterMs: number) =>
      aReport({ leaving: [aLeaving({ exit: { afterMs } })], marks });
    expect(ask(drainCutShort, withExit(2_100))?.cause).toBe("drain-cut-short");
    expect(ask(drainCutShort, withExit(6_000))).toBeUndefined();
  });

  it("is silent when the pod went on answering after the cut", () => {
    const marks = [aFailure({ atMs: 7_000, livedMs: 2_400, reason: "reset-before-response" })];
    const answering = (lastAnswerAtMs: number) =>
      aReport({
        leaving: [aLeaving({ exit: { afterMs: 2_100 }, termination: { lastAnswerAtMs } })],
        marks,
      });
    expect(ask(drainCutShort, answering(6_950))?.cause).toBe("drain-cut-short");
    expect(ask(drainCutShort, answering(7_500))).toBeUndefined();
  });

  it("is silent when all of them had come after SIGTERM, and may have had nobody yet", () => {
    const marks = [aFailure({ atMs: 5_700, livedMs: 140, reason: "reset-before-response" })];
    const leaving = [aLeaving({ exit: { afterMs: 900 } })];
    expect(ask(drainCutShort, aReport({ leaving, marks }))).toBeUndefined();
  });
});
