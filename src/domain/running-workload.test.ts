import { describe, expect, it } from "vitest";
import { refuseEmptyCluster, withWorkload } from "./running-workload.ts";
import type { Scenario } from "./scenario.ts";

const workload = { kind: "Deployment", namespace: "shop", name: "web" } as const;
const running = { name: "web", workload, isRunning: true, objects: [] } as unknown as Scenario; // the fields that are read

describe("a workload that runs already", () => {
  it.each(["embedded", "kind"])("is nowhere in a cluster that is made: %s", (cluster) => {
    expect(() => refuseEmptyCluster(running, cluster)).toThrow(/has no workload yet/);
    const { isRunning, ...applied } = running;
    expect(() => refuseEmptyCluster(applied, cluster)).not.toThrow();
  });

  it.each(["kind:ci", "context:test", "in-cluster"])("may be in %s", (cluster) => {
    expect(() => refuseEmptyCluster(running, cluster)).not.toThrow();
  });

  it("is known by what the cluster has of it", () => {
    const found = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } };
    expect(withWorkload(running, found).objects).toEqual([found]);
  });

  it("has to be there", () => {
    expect(() => withWorkload(running, undefined)).toThrow(
      expect.objectContaining({
        code: "NO_WORKLOAD",
        hint: expect.stringContaining("-n shop lists what is there"),
      }),
    );
  });
});
