import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { measured, promised } from "#test/support/report-builders.ts";
import { halvesCapacity } from "./halves-capacity.ts";

describe("halvesCapacity", () => {
  const fault = () => faulty("halves-capacity");
  const withMaxUnavailable = (maxUnavailable: number | string) => {
    const { workload, ...report } = fault();
    return { ...report, ...(workload && { workload: { ...workload, maxUnavailable } }) };
  };

  it("speaks when a rollout was allowed to take half of the pods, and did", () => {
    const advice = ask(halvesCapacity, fault());
    expect(advice?.explanation).toContain("Only 2 of 4 replicas were ready");
    expect(advice?.explanation).toContain("maxUnavailable is 50%");
    expect(advice?.patch).toContain("maxUnavailable: 0");
  });

  it("is silent when the setting did not allow it: then something else took them", () => {
    expect(ask(halvesCapacity, withMaxUnavailable(2))?.cause).toBe("halves-capacity");
    expect(ask(halvesCapacity, withMaxUnavailable(0))).toBeUndefined();
    expect(ask(halvesCapacity, withMaxUnavailable("25%"))).toBeUndefined();
  });

  it("is a hint where nobody asked for capacity, and silent where the promise was kept", () => {
    const results = (verdict: "pass") => [promised(measured("capacity", 0.5), verdict)];
    const ungated = [measured("capacity", 0.5)];
    expect(ask(halvesCapacity, { ...fault(), results: [], ungated })).toMatchObject({ hint: true });
    expect(ask(halvesCapacity, { ...fault(), results: results("pass") })).toBeUndefined();
  });

  it("is silent when no rollout was under way", () => {
    const { header, ...report } = fault();
    expect(
      ask(halvesCapacity, { ...report, header: { ...header, disruptions: [] } }),
    ).toBeUndefined();
  });

  it("leaves a StatefulSet one pod to be away, since it has no surge", () => {
    const { header, ...report } = fault();
    const workload = { ...header.workload, kind: "StatefulSet" } as const;
    const patch = ask(halvesCapacity, { ...report, header: { ...header, workload } })?.patch;
    expect(patch).toContain("updateStrategy:");
    expect(patch).toContain("maxUnavailable: 1");
    expect(patch).not.toContain("maxSurge");
  });
});
