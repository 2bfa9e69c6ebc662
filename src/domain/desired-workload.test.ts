import { describe, expect, it } from "vitest";
import { desiredWorkload } from "./desired-workload.ts";
import type { Scenario } from "./scenario.ts";
import type { WorkloadRef } from "./workload.ts";

function aScenario(kind: WorkloadRef["kind"], spec: object): Scenario {
  const metadata = { name: "web" };
  const timing = {
    warmUpMs: 0,
    controlMs: 0,
    recoveryMs: 0,
    marginMs: 0,
    deadlineMs: 0,
    drainMs: 0,
  };
  return {
    ...{ name: "web", directory: "/nowhere", service: "web", images: [], load: [], timing },
    workload: { kind, namespace: "shop", name: "web" },
    objects: [
      { apiVersion: "v1", kind: "Service", metadata },
      { apiVersion: "apps/v1", kind, metadata, spec },
    ],
  };
}

describe("the desired workload", () => {
  it("has the replicas that a step names, or else those of its manifest", () => {
    const scenario = aScenario("Deployment", { replicas: 4, paused: false });
    expect(desiredWorkload(scenario, 2)).toMatchObject({
      replicas: 2,
      objects: [{ kind: "Service" }, { spec: { replicas: 2, paused: false } }],
    });
    expect(desiredWorkload(scenario, undefined).workload["spec"]).toMatchObject({ replicas: 4 });
  });

  it("writes no replicas into a DaemonSet, which has no such field", () => {
    const scenario = aScenario("DaemonSet", { minReadySeconds: 1 });
    expect(desiredWorkload(scenario, 3).workload["spec"]).toEqual({ minReadySeconds: 1 });
    expect(desiredWorkload(scenario, 3).objects).toEqual(scenario.objects);
  });
});
