import { describe, expect, it } from "vitest";
import { describeDuration } from "./run-duration.ts";

describe("describeDuration", () => {
  it("sets the whole run against the waits that the scenario demands", () => {
    const phases = [
      { name: "setup", startedAtMs: 500, endedAtMs: 2_000, demandedMs: 0 },
      { name: "control", startedAtMs: 2_000, endedAtMs: 12_000, demandedMs: 10_000 },
    ] as const;
    expect(describeDuration({ phases })).toBe(
      "Took 12.0 s, of which the scenario itself demands 10.0 s (1.20 ×).",
    );
  });

  it("gives no ratio for a run that broke off", () => {
    const phases = [
      { name: "control", startedAtMs: 0, endedAtMs: 500, demandedMs: 5_000 },
    ] as const;
    expect(describeDuration({ phases, brokenOff: "why" })).toBe("Took 0.5 s.");
  });

  it("gives no ratio when nothing was demanded", () => {
    expect(describeDuration({ phases: [] })).toBe("Took 0.0 s.");
  });
});
