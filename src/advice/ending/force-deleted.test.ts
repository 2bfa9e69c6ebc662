import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aLeaving, aReport } from "#test/support/report-builders.ts";
import { forceDeleted } from "./force-deleted.ts";

describe("forceDeleted", () => {
  it("speaks when a pod that lost requests was given less grace than its own", () => {
    expect(ask(forceDeleted, faulty("force-deleted"))?.explanation).toContain(
      "with a grace period of 0 s instead of the pod's own 30 s",
    );
  });

  it("speaks of a shortened grace as well, and offers no patch, since no setting helps", () => {
    const leaving = [aLeaving({ graceSeconds: 1, ownGraceSeconds: 30, exit: { afterMs: 300 } })];
    const marks = [aFailure({ atMs: 5_290, reason: "reset-before-response", livedMs: 900 })];
    const advice = ask(forceDeleted, aReport({ leaving, marks }));
    expect(advice?.explanation).toContain("grace period of 1 s");
    expect(advice).not.toHaveProperty("patch");
  });

  it("is silent when nothing was lost, or when the pod had its own grace", () => {
    const hurried = aLeaving({ graceSeconds: 0, ownGraceSeconds: 30 });
    expect(ask(forceDeleted, aReport({ leaving: [hurried] }))).toBeUndefined();
    expect(ask(forceDeleted, faulty("exits-at-once"))).toBeUndefined();
  });
});
