import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aLeaving, aReport } from "#test/support/report-builders.ts";
import { overProvisionedGrace } from "./over-provisioned-grace.ts";

describe("overProvisionedGrace", () => {
  it("is a hint with the drain that was measured", () => {
    expect(ask(overProvisionedGrace, faulty("over-provisioned-grace"))).toMatchObject({
      explanation: expect.stringContaining(
        "gone 4 s after its deletion, and the grace period is 30 s",
      ),
      fix: expect.stringContaining("terminationGracePeriodSeconds 30 → 6"),
      hint: true,
    });
  });

  it("keeps room for requests that the load says are slow", () => {
    const { header, ...report } = faulty("over-provisioned-grace");
    const load = header.load.map((stream) => ({ ...stream, takesMs: 5_000 }));
    const advice = ask(overProvisionedGrace, { ...report, header: { ...header, load } });
    expect(advice?.fix).toContain("30 → 12");
  });

  it("is silent on a run that did not pass, on a grace that fits, and where an exit was not seen", () => {
    expect(
      ask(overProvisionedGrace, { ...faulty("over-provisioned-grace"), verdict: "fail" }),
    ).toBeUndefined();
    expect(ask(overProvisionedGrace, aReport())).toBeUndefined();
    const { termination, lane } = aLeaving({ sleepSeconds: 3, graceSeconds: 30 });
    const { exitedAtMs: _, ...unseen } = termination;
    expect(
      ask(overProvisionedGrace, aReport({ leaving: [{ termination: unseen, lane }] })),
    ).toBeUndefined();
  });
});
