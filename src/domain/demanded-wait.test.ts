import { describe, expect, it } from "vitest";
import { demandedWaitMs } from "./demanded-wait.ts";

const ref = { kind: "Deployment", namespace: "default", name: "web" } as const;
const rolling = { type: "rolling-update", workload: ref } as const;

function deployment(spec: object) {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec };
}

const container = {
  readinessProbe: { initialDelaySeconds: 2 },
  lifecycle: { preStop: { sleep: { seconds: 3 } } },
};

describe("demandedWaitMs", () => {
  it("adds the waits of each wave and the last preStop sleep", () => {
    // 10 replicas, 25 % surge rounded up and 25 % unavailable rounded down: 5 at a time, so 2 waves.
    const workload = deployment({
      replicas: 10,
      minReadySeconds: 1,
      template: { spec: { containers: [container] } },
    });
    expect(demandedWaitMs(rolling, workload, 0)).toBe(2 * (1_000 + 2_000) + 3_000);
  });

  it("counts the waves by the strategy that the workload names", () => {
    const workload = deployment({
      replicas: 4,
      minReadySeconds: 1,
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    expect(demandedWaitMs(rolling, workload, 0)).toBe(4_000);
  });

  it("lets the slowest request in flight end after the preStop sleep", () => {
    const workload = deployment({ template: { spec: { containers: [container] } } });
    expect(demandedWaitMs(rolling, workload, 4_000)).toBe(2_000 + 3_000 + 4_000);
  });

  it("demands nothing of a workload without waits", () => {
    expect(demandedWaitMs(rolling, deployment({}), 0)).toBe(0);
  });
});
