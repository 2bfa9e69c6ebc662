import { describe, expect, it } from "vitest";
import { resizeOf } from "./resize.ts";
import { aContainer } from "./testing/a-pod.ts";

describe("resizeOf", () => {
  const had = { requests: { cpu: "100m", memory: "1Gi" }, limits: { memory: "2Gi" } };
  const resizePolicy = [{ resourceName: "memory", restartPolicy: "RestartContainer" }];

  it.each([
    ["none", { requests: { cpu: "0.1", memory: "1024Mi" }, limits: { memory: "2Gi" } }],
    ["in-place", { ...had, requests: { cpu: "200m", memory: "1Gi" } }],
    ["restart", { ...had, limits: { memory: "3Gi" } }],
  ])("is %s, by the policy of what changes", (how, resources) => {
    expect(resizeOf(had, aContainer("app", { resources, resizePolicy }))).toBe(how);
  });
});
