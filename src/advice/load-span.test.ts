import { describe, expect, it } from "vitest";
import type { Phase } from "#domain/phase.ts";
import { aReport } from "#test/support/report-builders.ts";
import { loadSpanAt, loadSpans } from "./load-span.ts";

const phase = (name: Phase["name"], startedAtMs: number, endedAtMs: number): Phase => ({
  name,
  startedAtMs,
  endedAtMs,
  demandedMs: 0,
});
const withPhases = (...phases: readonly Phase[]) => aReport({ closing: { phases, streams: [] } });

describe("loadSpans", () => {
  const twice = withPhases(
    phase("control", 10, 20),
    phase("recovery", 30, 40),
    phase("control", 100, 120),
    phase("recovery", 130, 140),
  );

  it("goes from each control phase to the end of its recovery, over all repetitions", () => {
    expect(loadSpans(twice)).toEqual([
      { fromMs: 10, untilMs: 40 },
      { fromMs: 100, untilMs: 140 },
    ]);
  });

  it("knows in which of them an instant lies", () => {
    expect(loadSpanAt(twice, 40)?.fromMs).toBe(10);
    expect(loadSpanAt(twice, 60)).toBeUndefined();
  });

  it("goes on without end where the run broke off", () => {
    expect(loadSpans(withPhases(phase("control", 10, 20)))).toEqual([
      { fromMs: 10, untilMs: Number.POSITIVE_INFINITY },
    ]);
  });
});
