import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { minReadySecondsZero } from "./min-ready-seconds-zero.ts";

describe("minReadySecondsZero", () => {
  const fault = () => faulty("min-ready-seconds-zero");

  it("speaks when probed new pods failed, and asks for longer than they did", () => {
    const advice = ask(minReadySecondsZero, fault());
    expect(advice?.explanation).toContain("2 requests failed at 1 new pod up to 1.2 s after");
    expect(advice?.patch).toContain("minReadySeconds: 2");
  });

  it("is silent where rollouts wait already, and where the history does not say", () => {
    const { workload, ...report } = fault();
    const waiting = workload && { workload: { ...workload, minReadySeconds: 10 } };
    expect(ask(minReadySecondsZero, { ...report, ...waiting })).toBeUndefined();
    expect(ask(minReadySecondsZero, report)).toBeUndefined();
  });

  it("is silent without a probe: then the probe is what is missing", () => {
    expect(ask(minReadySecondsZero, faulty("slow-start"))).toBeUndefined();
  });

  it("is silent on failures of leaving pods", () => {
    expect(ask(minReadySecondsZero, faulty("answers-503-while-draining"))).toBeUndefined();
  });
});
