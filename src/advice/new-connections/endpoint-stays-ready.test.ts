import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aReport, threeLeaving } from "#test/support/report-builders.ts";
import { endpointStaysReady } from "./endpoint-stays-ready.ts";

describe("endpointStaysReady", () => {
  it("speaks when new connections found nobody at pods listed as ready to their end", () => {
    const advice = ask(endpointStaysReady, faulty("endpoint-stays-ready"));
    expect(advice?.explanation).toMatch(/^3 new connections found nobody .* 3 leaving pods/);
    expect(advice).toMatchObject({ confidence: "proven", evidence: { total: 3 } });
  });

  it("is silent on the same refusals where the endpoint was not ready any more", () => {
    const marks = [aFailure({ atMs: 6_200, reason: "connect-refused" })];
    const leaving = threeLeaving({ sleepSeconds: 1 });
    expect(ask(endpointStaysReady, aReport({ leaving, marks }))).toBeUndefined();
  });

  it("is silent where such a pod lost nothing", () => {
    const leaving = threeLeaving({ termination: { readyWhileTerminating: true } });
    expect(ask(endpointStaysReady, aReport({ leaving }))).toBeUndefined();
  });
});
