import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { writeKustomization } from "#cli/advise/write-kustomization.ts";
import type { Advice } from "#domain/report.ts";

const objectsIn = (text: string) =>
  parseAllDocuments(text).map((document) => document.toJS() as { kind: string; spec?: object });
const named = (objects: ReturnType<typeof objectsIn>) => Map.groupBy(objects, ({ kind }) => kind);

it("kustomize takes deploy/nightly as a base and leaves every object as it is", () => {
  const built = execFileSync("kubectl", ["kustomize", "deploy/nightly"], { encoding: "utf8" });
  const rendered = readFileSync("deploy/nightly/nightly.yaml", "utf8");
  for (const [kind, objects] of named(objectsIn(rendered))) {
    expect(named(objectsIn(built)).get(kind)).toEqual(objects);
  }
});

it("kustomize takes advice as a component, replaces a hook by it, and lets the first cause win", () => {
  const folder = mkdtempSync(join(tmpdir(), "lastcall-kustomize-"));
  try {
    const container = (preStop: object) => ({ name: "web", lifecycle: { preStop } });
    const workload = (container: object, terminationGracePeriodSeconds: number) => ({
      spec: { template: { spec: { terminationGracePeriodSeconds, containers: [container] } } },
    });
    const deployment = {
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } },
      ...workload(container({ exec: { command: ["sleep", "1"] } }), 30),
    };
    const patches = [
      workload(container({ exec: null, sleep: { seconds: 3 } }), 8),
      { spec: { template: { spec: { terminationGracePeriodSeconds: 4 } } } },
    ];
    const settings = patches.map((patch, index) => {
      const advice = { cause: `cause-${index}`, patch: JSON.stringify(patch) };
      return advice as Advice & { patch: string }; // the fields that are read
    });
    const ref = { kind: "Deployment", namespace: "default", name: "web" } as const;
    mkdirSync(join(folder, "lastcall"));
    writeFileSync(join(folder, "lastcall/kustomization.yaml"), writeKustomization(ref, settings));
    writeFileSync(join(folder, "workload.yaml"), JSON.stringify(deployment));
    const kustomization = { resources: ["workload.yaml"], components: ["lastcall"] };
    writeFileSync(join(folder, "kustomization.yaml"), JSON.stringify(kustomization));
    const [built] = objectsIn(execFileSync("kubectl", ["kustomize", folder], { encoding: "utf8" }));
    expect(built?.spec).toEqual(workload(container({ sleep: { seconds: 3 } }), 8).spec);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
