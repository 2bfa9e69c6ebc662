import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure } from "#test/support/report-builders.ts";
import { restartsUnderLoad } from "./restarts-under-load.ts";

describe("restartsUnderLoad", () => {
  const fault = () => faulty("restarts-under-load");

  it("speaks of failures while a container of a staying pod began anew, and says how it had ended", () => {
    const advice = ask(restartsUnderLoad, fault());
    expect(advice?.explanation).toContain("web was restarted 1 time in pods that nobody had asked");
    expect(advice?.explanation).toContain("exit code 137, OOMKilled");
    expect(advice?.explanation).toContain("2 requests failed");
  });

  it("points to the liveness probe where that had failed", () => {
    const message = "Liveness probe failed: HTTP probe failed with statuscode: 500";
    const warnings = [{ reason: "Unhealthy", message, firstAtMs: 900, lastAtMs: 950 }];
    const lanes = fault().lanes.map((lane) => ({ ...lane, warnings }));
    expect(ask(restartsUnderLoad, { ...fault(), lanes })?.fix).toContain("liveness probe");
  });

  it("is silent when nothing failed then, or only at other pods", () => {
    expect(ask(restartsUnderLoad, { ...fault(), marks: [] })).toBeUndefined();
    const marks = [aFailure({ atMs: 1_000, reason: "server-error", status: 500, pod: "web-2" })];
    expect(ask(restartsUnderLoad, { ...fault(), marks })).toBeUndefined();
  });

  it("is silent on what a leaving pod explains", () => {
    const marks = [aFailure({ atMs: 5_060, reason: "connect-refused" })];
    const [lane, ...others] = fault().lanes.toReversed();
    const restarts = [{ container: "web", atMs: 5_500 }];
    const lanes = lane === undefined ? others : [...others, { ...lane, restarts }];
    expect(ask(restartsUnderLoad, { ...fault(), lanes, marks })).toBeUndefined();
  });
});
