import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "#domain/workload.ts";
import { loadScenario } from "#scenario/load-scenario.ts";
import { draftScenarios } from "./draft-scenario.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lastcall-draft-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As an API server serves it. */
function aDeployment(
  name = "web",
  probes: object = { readinessProbe: { httpGet: { path: "/ready" } } },
): KubernetesObject {
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name,
      namespace: "shop",
      uid: "1",
      resourceVersion: "12",
      generation: 3,
      labels: { team: "orders" },
      annotations: {
        "deployment.kubernetes.io/revision": "3",
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        owner: "ann",
      },
    },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "app", image: "web:1", ...probes }] },
      },
    },
    status: { readyReplicas: 3 },
  };
  return deployment;
}

function aService(name: string, spec: object = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop" },
    spec: { clusterIP: "10.0.0.7", selector: { app: name }, ports: [{ port: 80 }], ...spec },
  };
}

/** Only draft of these objects; its files. */
function filesOf(...objects: readonly KubernetesObject[]): Readonly<Record<string, string>> {
  const { drafts } = draftScenarios(objects, "staging");
  expect(drafts).toHaveLength(1);
  return drafts[0]?.files ?? {};
}

describe("draftScenarios", () => {
  it("asks the liveness probe's path, for readiness may say no while a pod drains", () => {
    const probe = (path: string) => ({ httpGet: { path } });
    const probes = { readinessProbe: probe("/ready"), livenessProbe: probe("/alive") };
    const files = filesOf(aDeployment("web", probes), aService("web"));
    expect(files["scenarios/web/scenario.yaml"]).toContain('path: "/alive" # the liveness probe');
    expect(files["scenarios/web/scenario.yaml"]).not.toContain("/ready");
  });

  it("drafts what can be run as it stands", async () => {
    for (const [path, text] of Object.entries(filesOf(aDeployment(), aService("web")))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const feature = readFileSync(join(folder, "features/web.feature"), "utf8");
    expect(feature).toContain("features/web.feature --scenario web --cluster context:staging");
    const scenario = await loadScenario(join(folder, "scenarios/web"));
    expect(scenario).toMatchObject({
      name: "web",
      service: "web",
      workload: { kind: "Deployment", namespace: "shop", name: "web" },
      isRunning: true,
      objects: [],
    });
    expect(scenario.load.map((stream) => "request" in stream && stream.request.path)).toEqual([
      "/ready",
      "/ready",
    ]);
  });

  it("asks what the client wants where no probe says what answers", () => {
    const files = filesOf(
      aDeployment("web", { readinessProbe: { tcpSocket: { port: 80 } } }),
      aService("web"),
    );
    expect(files["scenarios/web/scenario.yaml"]).toContain(
      "path: / # what do your clients ask for?",
    );
  });

  it("says of which workloads nothing can be drafted, and why", () => {
    const everything = aService("everything", { selector: {} });
    const { drafts, without } = draftScenarios(
      [aDeployment("alone"), everything, aDeployment("mute"), aService("mute", { ports: [] })],
      "staging",
    );
    expect(drafts).toEqual([]);
    expect(without).toEqual([
      { name: "alone", because: "no Service of the namespace selects its pods" },
      { name: "mute", because: "its Service mute has no ports" },
    ]);
  });
});
