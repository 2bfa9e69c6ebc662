import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure } from "#test/support/report-builders.ts";
import { drainNeverEnds } from "./drain-never-ends.ts";

describe("drainNeverEnds", () => {
  it("speaks when kept connections were let go at SIGTERM and the pod was killed all the same", () => {
    expect(ask(drainNeverEnds, faulty("drain-never-ends"))?.explanation).toContain(
      "3 of 3 pods stopped taking requests at SIGTERM",
    );
  });

  it("takes a refusal between SIGTERM and the kill for a sign of draining, too", () => {
    const { lanes, ...report } = faulty("drain-never-ends");
    const unseen = lanes.map(({ lastReusedRequestAtMs: _, ...lane }) => lane);
    expect(ask(drainNeverEnds, { ...report, lanes: unseen })).toBeUndefined();
    const marks = [aFailure({ atMs: 5_400, reason: "connect-refused" })];
    expect(ask(drainNeverEnds, { ...report, lanes: unseen, marks })?.cause).toBe(
      "drain-never-ends",
    );
  });

  it("is silent when the pod served to the end", () => {
    expect(ask(drainNeverEnds, faulty("ignores-sigterm"))).toBeUndefined();
  });
});
