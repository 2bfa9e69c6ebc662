import { describe, expect, it } from "vitest";
import { RunOutcome } from "./run-outcome.ts";

type Seen = Parameters<RunOutcome["see"]>[0];

const finished = { testCaseFinished: {} } as Seen; // only its presence counts
const judged = (verdict: string) =>
  ({
    attachment: {
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

describe("RunOutcome", () => {
  it("is 0 when every scenario passes", () => {
    expect(conclude(judged("pass"), finished, judged("pass"), finished)).toBe(0);
  });

  it("is the worst verdict of all scenarios", () => {
    expect(conclude(judged("pass"), finished, judged("fail"), finished)).toBe(1);
    expect(conclude(judged("pass"), finished, judged("inconclusive"), finished)).toBe(2);
  });

  it("does not take a failed verdict for a broken harness", () => {
    expect(conclude(judged("fail"), step("FAILED", "VerdictError"), finished)).toBe(1);
  });

  it("is 3 when a step broke for any other reason", () => {
    expect(conclude(step("FAILED", "TypeError"), finished)).toBe(3);
  });

  it("is 64 when a step is not defined or the input is wrong", () => {
    expect(conclude(step("UNDEFINED"), finished)).toBe(64);
    expect(conclude(usage, step("FAILED", "UsageError"), finished)).toBe(64);
    expect(conclude({ parseError: {} } as Seen)).toBe(64); // only its presence counts
  });

  it("is 130 when the run was interrupted, whatever else it says", () => {
    const attachment = { mediaType: "application/vnd.lastcall.interrupted", body: "" };
    const interrupted = { attachment } as Seen; // the fields that are read
    expect(conclude(judged("inconclusive"), interrupted, step("FAILED", "InterruptedError"))).toBe(
      130,
    );
  });

  it("is 2 when nothing was run, or a scenario judged nothing", () => {
    expect(conclude()).toBe(2);
    expect(conclude(judged("pass"), finished, finished)).toBe(2);
  });
});
