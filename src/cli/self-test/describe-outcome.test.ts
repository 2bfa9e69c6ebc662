import { describe, expect, it } from "vitest";
import { describeOutcome, describeOutcomes, isTrustworthy } from "./describe-outcome.ts";
import type { CatchOutcome } from "./run-catch.ts";

function anOutcome(type: CatchOutcome["type"], objections: readonly string[] = []): CatchOutcome {
  return { name: "cuts-keep-alive", type, objections, seconds: 8.44, run: "/tmp/run" };
}

describe("describeOutcome", () => {
  it("is one line when all is as it should be", () => {
    expect(describeOutcome(anOutcome("caught"), "It cuts.")).toBe(
      "caught         cuts-keep-alive               8.4 s  It cuts.",
    );
  });

  it("says what is not, and where the run is", () => {
    expect(describeOutcome(anOutcome("missed", ["The verdict is pass."]), "It cuts.")).toBe(
      "MISSED         cuts-keep-alive               8.4 s  It cuts.\n" +
        "    The verdict is pass.\n    Run: /tmp/run",
    );
  });
});

describe("describeOutcome of a repeated run", () => {
  it("says why the first proved nothing", () => {
    const outcome = { ...anOutcome("caught"), repeatedFor: ["This machine was too busy."] };
    expect(describeOutcome(outcome, "It cuts.").split("\n").slice(1)).toEqual([
      "    Second run. The first: This machine was too busy.",
    ]);
  });
});

describe("describeOutcomes", () => {
  it("gives the share of the faults, and the false alarms of the healthy", () => {
    const outcomes = (["caught", "caught", "missed", "passed", "false-alarm", "void"] as const).map(
      (type) => anOutcome(type),
    );
    expect(describeOutcomes(outcomes, { seconds: 61.2, notRun: ["healthy-perl"] })).toBe(
      "2 of 3 faults caught for the right reason (66 %), 1 false alarms in 2 healthy runs, " +
        "1 runs that prove nothing; 61 s; not run: healthy-perl",
    );
  });
});

describe("isTrustworthy", () => {
  it("asks that something was tried, and that nothing was missed or void", () => {
    expect(isTrustworthy([])).toBe(false);
    expect(isTrustworthy([anOutcome("caught"), anOutcome("passed")])).toBe(true);
    for (const type of ["missed", "false-alarm", "void"] as const)
      expect(isTrustworthy([anOutcome("caught"), anOutcome(type)])).toBe(false);
  });
});
