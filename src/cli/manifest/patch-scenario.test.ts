import { describe, expect, it } from "vitest";
import type { Scenario } from "#domain/scenario.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import { patchScenario } from "./patch-scenario.ts";

const SHARED = { app: "web" };
const SERVICE = { apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: SHARED };
const env = ["0755", "22:30", "yes", "null", "", "1e3", "two\nlines\n", "x".repeat(200)];
const DEPLOYMENT: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", labels: SHARED },
  spec: {
    replicas: 1,
    selector: { matchLabels: SHARED },
    template: {
      spec: {
        terminationGracePeriodSeconds: 30,
        hostNetwork: false,
        tolerations: null,
        containers: [{ name: "web", env, ports: [{ containerPort: 8080 }] }],
      },
    },
  },
};
const SCENARIO = {
  name: "web",
  workload: { kind: "Deployment", namespace: "default", name: "web" },
  objects: [SERVICE, DEPLOYMENT],
} as unknown as Scenario; // what patching does not look at is left out

const GRACE = "spec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 12\n";
const REPLICAS = "spec:\n  replicas: 2\n";

describe("patchScenario", () => {
  it("changes what the patch names and keeps all else, text for text", () => {
    const { scenario, changed } = patchScenario(SCENARIO, { patches: [GRACE] });
    const expected = structuredClone<unknown>(DEPLOYMENT) as {
      spec: { template: { spec: object } };
    };
    Object.assign(expected.spec.template.spec, { terminationGracePeriodSeconds: 12 });
    expect(scenario.objects).toEqual([SERVICE, expected]);
    expect([changed, scenario.patches]).toEqual([true, [GRACE]]);
    expect(SCENARIO.objects[1]).toBe(DEPLOYMENT);
  });

  it("sees that the workload has all of it already", () => {
    const patches = [GRACE.replace("12", "30")];
    expect(patchScenario(SCENARIO, { patches }).changed).toBe(false);
  });

  it("starts from the replicas that were asked for, and lets a patch change them", () => {
    const asked = (replicas: number, patch: string) =>
      patchScenario(SCENARIO, { patches: [patch], replicas });
    expect(asked(5, GRACE).replicas).toBe(5);
    expect(asked(1, REPLICAS)).toMatchObject({ replicas: 2, changed: true });
  });

  it("hands on what the manifests could not take", () => {
    const onProxy = GRACE.replace(/termination.*/, "containers:\n        - name: proxy\n");
    const { changed, complaints } = patchScenario(SCENARIO, { patches: [GRACE, onProxy] });
    expect([changed, complaints[0]]).toEqual([true, []]);
    expect(complaints[1]).toEqual(["The manifest has no proxy in its containers."]);
  });
});
