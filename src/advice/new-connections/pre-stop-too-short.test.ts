import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aReport, threeLeaving } from "#test/support/report-builders.ts";
import { preStopTooShort } from "./pre-stop-too-short.ts";

describe("preStopTooShort", () => {
  it("speaks when new connections found nobody after the sleep, with the number behind the new one", () => {
    const advice = ask(preStopTooShort, faulty("pre-stop-too-short"));
    expect(advice?.explanation).toContain(
      "the last new connection came 1.3 s after deletion (worst of 3 terminations, ± 7 ms)",
    );
    expect(advice?.fix).toBe("Raise the preStop sleep from 1 s to 2 s.");
    expect(advice?.patch).toContain("seconds: 2");
  });

  it("is silent on refusals during the sleep: then the program did not wait for SIGTERM", () => {
    const leaving = threeLeaving({ sleepSeconds: 3 });
    const marks = [aFailure({ atMs: 6_000, reason: "connect-refused" })];
    expect(ask(preStopTooShort, aReport({ leaving, marks }))).toBeUndefined();
  });

  it("is silent on what was tried during the sleep, though it was given up after it", () => {
    const leaving = threeLeaving({ sleepSeconds: 1 }).slice(0, 1);
    const marks = [aFailure({ atMs: 8_400, livedMs: 3_000, reason: "connect-timeout" })];
    expect(ask(preStopTooShort, aReport({ leaving, marks }))).toBeUndefined();
  });

  it("is silent without a sleep", () => {
    expect(ask(preStopTooShort, faulty("no-pre-stop"))).toBeUndefined();
  });
});
