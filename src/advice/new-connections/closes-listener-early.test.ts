import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aReport } from "#test/support/report-builders.ts";
import { closesListenerEarly } from "./closes-listener-early.ts";

describe("closesListenerEarly", () => {
  it("speaks when new connections were refused by pods that still ran", () => {
    const advice = ask(closesListenerEarly, faulty("closes-listener-early"));
    expect(advice?.explanation).toContain("3 new connections were refused or reset");
    expect(advice?.explanation).toContain("3 of them while the process was still running");
    expect(advice?.patch).toContain("sleep:");
  });

  it("takes a gateway's 502 without a pod's name for a refusal", () => {
    const marks = [aFailure({ atMs: 5_060, reason: "server-error", status: 502 })];
    expect(ask(closesListenerEarly, aReport({ marks }))?.cause).toBe("closes-listener-early");
  });

  it("is silent when no pod was leaving", () => {
    const marks = [aFailure({ atMs: 1_000, reason: "connect-refused" })];
    expect(ask(closesListenerEarly, aReport({ marks }))).toBeUndefined();
  });

  it("is silent when the requests had been taken", () => {
    expect(ask(closesListenerEarly, faulty("drain-cut-short"))).toBeUndefined();
    expect(ask(closesListenerEarly, faulty("cuts-keep-alive"))).toBeUndefined();
  });
});
