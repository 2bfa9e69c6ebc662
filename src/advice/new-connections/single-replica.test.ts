import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { singleReplica } from "./single-replica.ts";

describe("singleReplica", () => {
  const fault = () => faulty("single-replica");

  it("speaks when nobody was ready because there is one replica", () => {
    const advice = ask(singleReplica, fault());
    expect(advice?.explanation).toContain("Deployment web has 1 replica");
    expect(advice?.patch).toContain("replicas: 2");
  });

  it("is silent with more replicas, and when another endpoint was ready", () => {
    const { workload, ...report } = fault();
    expect(
      ask(singleReplica, { ...report, ...(workload && { workload: { ...workload, desired: 2 } }) }),
    ).toBeUndefined();
    const [first] = faulty("closes-listener-early").lanes.filter(({ termination }) => !termination);
    expect(
      ask(singleReplica, { ...fault(), lanes: [...fault().lanes, ...(first ? [first] : [])] }),
    ).toBeUndefined();
  });

  it("offers no number of replicas to a DaemonSet", () => {
    const { header, ...report } = fault();
    const workload = { ...header.workload, kind: "DaemonSet" } as const;
    expect(ask(singleReplica, { ...report, header: { ...header, workload } })).not.toHaveProperty(
      "patch",
    );
  });
});
