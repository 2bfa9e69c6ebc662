import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aReport, threeLeaving } from "#test/support/report-builders.ts";
import { graceTooShort } from "./grace-too-short.ts";

describe("graceTooShort", () => {
  it("speaks when requests from before SIGTERM died with the pod, and sizes the grace by them", () => {
    const advice = ask(graceTooShort, faulty("grace-too-short"));
    expect(advice?.explanation).toContain("3 requests sent before SIGTERM were still in flight");
    expect(advice?.explanation).toContain("the longest had taken 10.1 s until then");
    expect(advice?.patch).toContain("terminationGracePeriodSeconds: 18");
  });

  it("is silent when what died had been sent long after SIGTERM", () => {
    const exit = { exitCode: 137, reason: "Error", forced: true, afterMs: 10_050 };
    const marks = [aFailure({ atMs: 15_000, livedMs: 300, reason: "reset-before-response" })];
    expect(ask(graceTooShort, aReport({ leaving: threeLeaving({ exit }), marks }))).toBeUndefined();
  });

  it("is silent when most pods were killed with nothing to wait for: they would not have ended later", () => {
    const exit = { exitCode: 137, reason: "Error", forced: true, afterMs: 10_050 };
    const died = { atMs: 15_000, livedMs: 10_100, reason: "reset-before-response" } as const;
    const marks = [aFailure({ ...died, pod: "web-1" })];
    const leaving = threeLeaving({ exit });
    expect(ask(graceTooShort, aReport({ leaving, marks }))).toBeUndefined();
    const nameless = aReport({ leaving, marks: [aFailure(died)] });
    expect(ask(graceTooShort, nameless)?.cause).toBe("grace-too-short");
    const alone = aReport({ leaving: leaving.slice(0, 1), marks });
    expect(ask(graceTooShort, alone)?.cause).toBe("grace-too-short");
  });

  it("is silent when the pod went on taking requests, which is another fault", () => {
    const report = faulty("ignores-sigterm");
    expect(
      ask(graceTooShort, { ...report, marks: faulty("grace-too-short").marks }),
    ).toBeUndefined();
  });
});
