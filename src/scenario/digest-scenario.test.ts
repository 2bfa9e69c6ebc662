import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ScenarioPart } from "#domain/scenario.ts";
import { loadScenario } from "./load-scenario.ts";

const SCENARIO = `name: web
images: { "example/web:1": { directory: app, command: [node, server.mjs] } }
load: [{ type: fresh, rate: 10, path: / }]
`;
const WORKLOAD = `kind: Service
apiVersion: v1
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
kind: Deployment
apiVersion: apps/v1
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 30
      containers: [{ name: web, image: "example/web:1" }]
---
kind: Secret
apiVersion: v1
metadata: { name: web }
stringData: { password: open-sesame }
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "digest-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function originIn(place: string, scenario = SCENARIO, workload = WORKLOAD) {
  const directory = join(folder, place);
  mkdirSync(join(directory, "app"), { recursive: true });
  writeFileSync(join(directory, "scenario.yaml"), scenario);
  writeFileSync(join(directory, "workload.yaml"), workload);
  const { origin } = await loadScenario(directory);
  if (origin === undefined) throw new Error("A scenario from a file has an origin.");
  return { file: origin.file, digests: origin.digests };
}

async function changedBy(scenario: string, workload?: string): Promise<readonly ScenarioPart[]> {
  const [before, now] = [await originIn("before"), await originIn("now", scenario, workload)];
  const parts = Object.keys(before.digests) as ScenarioPart[];
  return parts.filter((part) => before.digests[part] !== now.digests[part]);
}

describe("digestScenario", () => {
  it("knows the file, and is the same wherever that lies", async () => {
    expect(await changedBy(SCENARIO)).toEqual([]);
    expect((await originIn("now")).file).toBe(join(folder, "now", "scenario.yaml"));
  });

  it.each([
    ["images", "node,", "node, --inspect,"],
    ["load", "rate: 10", "rate: 11"],
    ["timing", "name: web\n", "name: web\ntiming: { warmUp: 1s }\n"],
    ["service", "name: web\n", "name: web\nurl: http://127.0.0.1:1\n"],
  ])("tells a change of its %s", async (part, before, now) => {
    expect(await changedBy(SCENARIO.replace(before, now))).toEqual([part]);
  });

  it("tells a change of its manifests", async () => {
    expect(await changedBy(SCENARIO, WORKLOAD.replace("Seconds: 30", "Seconds: 31"))).toEqual([
      "manifests",
    ]);
  });

  it("does not mind comments, and keeps nothing that a secret could be guessed from", async () => {
    expect(await changedBy(`# said more\n${SCENARIO}`, WORKLOAD.replace("open", "shut"))).toEqual(
      [],
    );
  });
});
