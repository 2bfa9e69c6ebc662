import { describe, expect, it } from "vitest";
import { RunOutcome } from "./run-outcome.ts";

type Seen = Parameters<RunOutcome["see"]>[0];

const started = (id: string) => ({ testCaseStarted: { id } }) as Seen; // the fields that are read
const judged = (verdict: string, id: string) =>
  ({
    attachment: {
      testCaseStartedId: id,
      mediaType: "application/vnd.lastcall.result+json",
      body: JSON.stringify({ verdict }),
    },
  }) as Seen; // the fields that are read
const step = (status: string, type?: string) =>
  ({ testStepFinished: { testStepResult: { status, exception: { type } } } }) as Seen; // as above
const usage = { attachment: { mediaType: "application/vnd.lastcall.usage", body: "" } } as Seen; // as above

function conclude(...seen: readonly Seen[]): number {
  const outcome = new RunOutcome();
  for (const envelope of seen) outcome.see(envelope);
  return outcome.conclude({ out: { write() {} }, err: { write() {} } });
}

/** Test cases one after the other, each with the verdicts of its own tables. */
function testCases(...cases: readonly (readonly string[])[]): readonly Seen[] {
  return cases.flatMap((verdicts, index) => {
    const id = `case-${index}`;
    return [started(id), ...verdicts.map((verdict) => judged(verdict, id))];
  });
}

describe("RunOutcome", () => {
  it("is 0 when every scenario passes", () => {
    expect(conclude(...testCases(["pass"], ["pass"]))).toBe(0);
  });

  it("is the worst verdict of all scenarios", () => {
    expect(conclude(...testCases(["pass"], ["fail"]))).toBe(1);
    expect(conclude(...testCases(["pass"], ["inconclusive"]))).toBe(2);
  });

  it("is the worst verdict of all tables of a scenario", () => {
    expect(conclude(...testCases(["fail", "pass"]))).toBe(1);
  });

  it("does not take a failed verdict for a broken harness", () => {
    expect(conclude(...testCases(["fail"]), step("FAILED", "VerdictError"))).toBe(1);
  });

  it("is 3 when a step broke for any other reason", () => {
    expect(conclude(started("a"), step("FAILED", "TypeError"))).toBe(3);
  });

  it("is 64 when a step is not defined or the input is wrong", () => {
    expect(conclude(started("a"), step("UNDEFINED"))).toBe(64);
    expect(conclude(started("a"), usage, step("FAILED", "UsageError"))).toBe(64);
    expect(conclude({ parseError: {} } as Seen)).toBe(64); // only its presence counts
  });

  it("is 130 when the run was interrupted, whatever else it says", () => {
    const attachment = { mediaType: "application/vnd.lastcall.interrupted", body: "" };
    const interrupted = { attachment } as Seen; // the fields that are read
    const broken = step("FAILED", "InterruptedError");
    expect(conclude(...testCases(["inconclusive"]), interrupted, broken)).toBe(130);
  });

  it("is 2 when nothing was run, or a scenario judged nothing", () => {
    expect(conclude()).toBe(2);
    expect(conclude(...testCases(["pass"], []))).toBe(2);
    expect(conclude(...testCases([]), step("FAILED", "NotJudgedError"))).toBe(2);
  });

  it("does not make up for a scenario that judged nothing with one that judged twice", () => {
    expect(conclude(...testCases(["pass", "pass"], []))).toBe(2);
  });

  it("is 1 when one scenario judged nothing and another failed", () => {
    expect(conclude(...testCases([], ["fail"]))).toBe(1);
  });
});
