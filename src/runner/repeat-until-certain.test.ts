import { describe, expect, it } from "vitest";
import type { Report } from "#domain/report.ts";
import type { Verdict } from "#domain/verdict.ts";
import { repeatUntilCertain } from "./repeat-until-certain.ts";

/** What the pool says after one repetition, after two, and so on. */
async function repeat(verdicts: readonly Verdict[], planned = verdicts.length) {
  const judged: (readonly string[])[] = [];
  const undecided: number[] = [];
  const report = await repeatUntilCertain({
    first: "run 1",
    planned,
    again: async () => `run ${judged.length + 1}`,
    judge: async (runs) => {
      judged.push([...runs]);
      const verdict = verdicts[judged.length - 1] ?? "inconclusive";
      const broken = { threshold: { metric: "forced-kills" }, measurement: {}, verdict };
      return { verdict, header: {}, results: [broken] } as unknown as Report; // the fields that are read
    },
    onUndecided: (_, done) => undecided.push(done),
  });
  return { verdict: report.verdict, judged, undecided };
}

describe("repeatUntilCertain", () => {
  it.each(["pass", "fail"] as const)("ends at the first %s", async (verdict) => {
    expect(await repeat(["inconclusive", verdict, "pass"], 5)).toEqual({
      verdict,
      judged: [["run 1"], ["run 1", "run 2"]],
      undecided: [1],
    });
  });

  it("gives up when all repetitions are spent", async () => {
    const { verdict, judged, undecided } = await repeat(["inconclusive", "inconclusive"]);
    expect([verdict, judged.length, undecided]).toEqual(["inconclusive", 2, [1]]);
  });

  it("runs no more than once where no more is planned", async () => {
    expect((await repeat(["inconclusive"], 1)).judged).toEqual([["run 1"]]);
  });
});
