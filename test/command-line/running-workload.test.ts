import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, it } from "vitest";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import { workloadRef } from "#domain/object-ref.ts";
import { startCluster } from "#embedded/index.ts";
import { IMAGES, manifests } from "#test/disruptions/workbench.ts";
import { runCommandLine } from "#test/support/run-command-line.ts";

const FEATURE = `Feature: what runs already
  Scenario: it is scaled for the run alone
    Given 2 running Pod replicas
    When 1 Pod is deleted
    Then the monitored metrics should satisfy:
      | forced kills | 0 |
`;
const SCENARIO = `namespace: default
manifests: []
workload: Deployment/web
service: web
load: [{ type: fresh, rate: 50/s, path: / }]
timing: { warmUp: 0s, control: 300ms, recovery: 300ms }
`;

it("a workload that is there already is tested as it is, and left as it was found", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "lastcall-running-"));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const cluster = await startCluster({ nodes: 1, images: IMAGES });
  stack.defer(() => cluster.stop());
  const { signal } = new AbortController();
  const { kubeconfig } = cluster;
  const client = await connectCluster({ kubeconfig, description: "test" }, signal);
  stack.defer(() => client.stop());
  const workload = { kind: "Deployment", namespace: "default", name: "web" } as const;
  await client.apply(manifests(workload, 3), signal);
  const before = await client.readObject(workloadRef(workload), signal);

  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  mkdirSync(join(folder, "web"));
  const files = { kubeconfig, "a.feature": FEATURE, "web/scenario.yaml": SCENARIO };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const context = config.getCurrentContext();
  writeFileSync(
    join(folder, "lastcall.yaml"),
    `allow: { contexts: [${JSON.stringify(context)}] }\n`,
  );
  const run = (choice: string) =>
    runCommandLine(["run", "a.feature", "--scenario", "web", "--cluster", choice], {
      cwd: folder,
      env: { KUBECONFIG: join(folder, "kubeconfig"), XDG_STATE_HOME: folder },
    });

  const { stdout, stderr } = await run(`context:${context}`);
  expect(`${stdout}${stderr}`).toContain("2 pods of web are ready.");
  expect(stdout).toMatch(/^(?:PASS|INCONCLUSIVE) {2}1 pods of web/m); // a busy machine may prove nothing
  const after = await client.readObject(workloadRef(workload), signal);
  expect(after?.["spec"]).toEqual(before?.["spec"]);

  const nowhere = await run("embedded");
  expect(nowhere.stderr).toMatch(
    /^a.feature:4: NOTHING_RUNNING: The scenario web has no manifests/,
  );
  expect(nowhere.code).toBe(64);
}, 180_000); // two processes, and a cluster, on a machine that may be busy
