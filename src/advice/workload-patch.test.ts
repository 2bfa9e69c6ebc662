import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type WorkloadChange, writePatch } from "./workload-patch.ts";

const patchOf = (
  change: WorkloadChange,
  kind: "Deployment" | "StatefulSet" | "DaemonSet" = "Deployment",
) => parse(writePatch(kind, change)) as unknown;

describe("writePatch", () => {
  it("writes a strategic merge patch with the named settings and no others", () => {
    const containers = [{ name: "app", preStopSleepSeconds: 2 }];
    expect(patchOf({ graceSeconds: 12, containers })).toEqual({
      spec: {
        template: {
          spec: {
            terminationGracePeriodSeconds: 12,
            containers: [{ name: "app", lifecycle: { preStop: { sleep: { seconds: 2 } } } }],
          },
        },
      },
    });
    expect(patchOf({ replicas: 2, minReadySeconds: 5 })).toEqual({
      spec: { replicas: 2, minReadySeconds: 5 },
    });
  });

  it("takes away the handler that the sleep replaces, since a container may have one only", () => {
    const hookOf = (replaces: NonNullable<WorkloadChange["containers"]>[number]["replaces"]) => {
      const change = { name: "app", preStopSleepSeconds: 2, ...(replaces && { replaces }) };
      return patchOf({ containers: [change] });
    };
    const withHook = (preStop: object) => ({
      spec: { template: { spec: { containers: [{ name: "app", lifecycle: { preStop } }] } } },
    });
    const sleep = { seconds: 2 };
    expect(hookOf({ type: "exec" })).toEqual(withHook({ exec: null, sleep }));
    expect(hookOf({ type: "http-get" })).toEqual(withHook({ httpGet: null, sleep }));
    expect(hookOf({ type: "sleep", seconds: 1, command: true })).toEqual(
      withHook({ exec: null, sleep }),
    );
    expect(hookOf({ type: "sleep", seconds: 1 })).toEqual(withHook({ sleep }));
  });

  it("changes a memory limit without touching the hook", () => {
    expect(patchOf({ containers: [{ name: "app", memoryLimit: "1Gi" }] })).toEqual({
      spec: {
        template: {
          spec: { containers: [{ name: "app", resources: { limits: { memory: "1Gi" } } }] },
        },
      },
    });
  });

  it("names the rollout as each kind does", () => {
    const rollout = { maxUnavailable: 1, maxSurge: 1 };
    const both = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } };
    expect(patchOf({ rollout })).toEqual({ spec: { strategy: both } });
    expect(patchOf({ rollout }, "DaemonSet")).toEqual({ spec: { updateStrategy: both } });
    expect(patchOf({ rollout }, "StatefulSet")).toEqual({
      spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } } },
    });
  });

  it.each(["on", "12", "no", "null"])("keeps the name %s a text", (name) => {
    expect(patchOf({ containers: [{ name }] })).toEqual({
      spec: { template: { spec: { containers: [{ name }] } } },
    });
    expect(writePatch("Deployment", { containers: [{ name }] })).toContain(`"${name}"`);
  });
});
