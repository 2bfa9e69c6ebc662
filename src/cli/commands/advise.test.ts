import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { main } from "#cli/main.ts";
import type { Observation } from "#domain/observation.ts";
import { aHistory, anExchange, aRecipe, leaving } from "#test/support/builders.ts";
import { recordRun } from "#test/support/record-run.ts";

const NO_KILLS = { metric: "forced-kills", operator: "=", limit: 0, text: "0" } as const;

const MANIFEST = `kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 10 # as ever
`;

let folder: string;
let manifest: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "advise-"));
  manifest = join(folder, "workload.yaml");
  writeFileSync(manifest, MANIFEST);
});
afterEach(() => rmSync(folder, { recursive: true }));

const exchanges = Array.from({ length: 100 }, (_, seq) => anExchange({ seq, sentAtMs: seq * 100 }));
const healthyRun = () => recordRun(folder, aHistory({ exchanges }), [NO_KILLS]);
const repeatableRun = (recipe = aRecipe()) => {
  const history = aHistory({ exchanges });
  return recordRun(folder, { ...history, header: { ...history.header, recipe } }, [NO_KILLS]);
};
const killedRun = () => {
  const observations = leaving({ exitCode: 137, reason: "Error", atMs: 14_100 });
  return recordRun(folder, aHistory({ observations, exchanges }), [NO_KILLS]);
};

/** The pods are seen to have no preStop hook. */
function withoutHook(observation: Observation): Observation {
  if (observation.type !== "pod") return observation;
  const { pod } = observation;
  const containers = pod.containers.map((each) => ({ ...each, setup: { sidecar: false } }));
  return { ...observation, pod: { ...pod, containers } };
}

async function lastcall(...args: readonly string[]) {
  let out = "";
  let err = "";
  const code = await main(["advise", ...args], {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
  });
  return { code, out, err };
}

describe("lastcall advise", () => {
  it("prints the reason of a recorded run, and succeeds though the run failed", async () => {
    const { code, out } = await lastcall(await killedRun());
    expect(out).toMatch(
      /^What to change:\n- ignores-sigterm\n {2}1 of 1 pod of web were still running/,
    );
    expect(out).toContain("Likely, from 1 case: web-1/app: killed 10.10 s after T0");
    expect(code).toBe(0);
  });

  it("prints what cost nothing with its patch, too", async () => {
    const { out } = await lastcall(await healthyRun());
    expect(out).toMatch(/^Worth a look:\n- over-provisioned-grace\n/);
    expect(out).toContain("          terminationGracePeriodSeconds: 4");
  });

  it("prints the patched manifest alone, says apart what it changed, and writes nothing", async () => {
    const { code, out, err } = await lastcall(await healthyRun(), "--apply-to", manifest);
    expect(out).toBe(MANIFEST.replace("Seconds: 10", "Seconds: 4"));
    expect(err).toMatch(/^Applied over-provisioned-grace: /);
    expect(readFileSync(manifest, "utf8")).toBe(MANIFEST);
    expect(code).toBe(0);
  });

  it("writes the file when it is told to, and then prints nothing", async () => {
    const { out } = await lastcall(await healthyRun(), "--apply-to", manifest, "--write");
    expect(out).toBe("");
    expect(readFileSync(manifest, "utf8")).toBe(MANIFEST.replace("Seconds: 10", "Seconds: 4"));
  });

  it("prints the manifest as it is when no setting helps", async () => {
    const { out, err } = await lastcall(await killedRun(), "--apply-to", manifest);
    expect(out).toBe(MANIFEST);
    expect(err).toContain("No advice of this run is a setting");
  });

  it("holds back what is no more than possible, until somebody says so", async () => {
    const refused = Array.from({ length: 10 }, (_, at) =>
      anExchange({
        seq: 200 + at,
        sentAtMs: 5_950 + at,
        connection: "new",
        late: true, // so many that the run proves nothing
        outcome: { type: "failed", reason: "connect-refused" },
      }),
    );
    const all = [...exchanges, ...refused].toSorted((one, other) => one.sentAtMs - other.sentAtMs);
    const observations = leaving().map(withoutHook);
    const run = await recordRun(folder, aHistory({ observations, exchanges: all }), [NO_KILLS]);
    const whole = `${MANIFEST}      containers: [{ name: app }]\n`;
    writeFileSync(manifest, whole);
    const careful = await lastcall(run, "--apply-to", manifest);
    expect(careful.err).toMatch(
      /^Not applied \S+: it is only possible\. --prove .*--also-possible/,
    );
    expect(careful.out).toBe(whole);
    const daring = await lastcall(run, "--apply-to", manifest, "--also-possible");
    expect(daring.err).toMatch(/^Applied /);
    expect(daring.out).toContain("sleep: { seconds: 3 }");
  });

  it("prints a kustomize component, whose last patch wins where its first one was to", async () => {
    const { out } = await lastcall(await healthyRun(), "--format", "kustomize");
    const component = parse(out);
    expect(component).toMatchObject({
      kind: "Component",
      patches: [{ target: { kind: "Deployment", name: "web" } }],
    });
    expect(parse(component.patches[0].patch)).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: { template: { spec: { terminationGracePeriodSeconds: 4 } } },
    });
  });

  it("judges by other promises when it is given some", async () => {
    const { out } = await lastcall(await healthyRun(), "-t", "deregistration latency <2s");
    expect(out).toContain("No known cause left traces");
  });

  it.each([
    ["without a run", [], "BAD_USAGE"],
    ["with --write and no file", ["RUN", "--write"], "BAD_USAGE"],
    ["in a format that there is not", ["RUN", "--format", "helm"], "BAD_FORMAT"],
    ["in a format and with a proof", ["RUN", "--format", "kustomize", "--prove"], "BAD_USAGE"],
    ["with a cluster and nothing to prove", ["RUN", "--cluster", "embedded"], "BAD_USAGE"],
    ["with no number of runs", ["RUN", "--prove", "--repeat", "many"], "BAD_REPEAT"],
    ["with a folder that holds no run", ["FOLDER"], "NOT_A_RUN"],
    ["with a manifest that is not there", ["RUN", "--apply-to", "/nowhere.yaml"], "NO_MANIFEST"],
  ])("is refused as wrong usage %s", async (_, args, code) => {
    const run = await healthyRun();
    const refused = await lastcall(
      ...args.map((arg) => arg.replace("RUN", run).replace("FOLDER", folder)),
    );
    expect(refused.err).toMatch(new RegExp(`^${code}: `));
    expect(refused.code).toBe(64);
  });

  it("says that a run is damaged, which is nobody's wrong usage", async () => {
    writeFileSync(join(folder, "header.json"), "{");
    const { code, err } = await lastcall(folder);
    expect(err).toMatch(/^UNREADABLE_RUN: .* header\.json is not the JSON it should be\./);
    expect(code).toBe(3);
  });
});

describe("lastcall advise --prove", () => {
  const SERVICE = `---
kind: Service
apiVersion: v1
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;
  const LOAD = "load: [{ type: fresh, rate: 10, path: / }]\n";
  const writeScenario = (place: string, name = "web") => {
    mkdirSync(join(folder, place), { recursive: true });
    const deployment = MANIFEST.replace("kind:", "apiVersion: apps/v1\nkind:")
      .replace("name: web", `name: ${name}`)
      .replace("  template:\n", "  template:\n    metadata: { labels: { app: web } }\n")
      .replace("Seconds: 10", "Seconds: 4");
    writeFileSync(join(folder, place, "scenario.yaml"), LOAD);
    writeFileSync(join(folder, place, "workload.yaml"), deployment + SERVICE);
    return join(folder, place);
  };

  it("cannot prove what is no setting, and leaves the manifest as it is", async () => {
    const args = ["--prove", "--apply-to", manifest, "--write"];
    const { code, out, err } = await lastcall(await killedRun(), ...args);
    expect(err).toMatch(/^INCONCLUSIVE {2}No advice of this run is a setting/);
    expect(err).toContain("workload.yaml stays as it is: only what is proven is applied.");
    expect([code, out, readFileSync(manifest, "utf8")]).toEqual([2, "", MANIFEST]);
  });

  it("does not start a run that would change nothing", async () => {
    writeScenario("web");
    const { code, out } = await lastcall(
      await repeatableRun(aRecipe({ scenario: "web/scenario.yaml" })),
      "--prove",
    );
    expect(out).toMatch(/^To be tried: over-provisioned-grace\./);
    expect(out).toContain("INCONCLUSIVE  The scenario has all of this already.");
    expect(code).toBe(2);
  });

  it("finds the scenario where it is told that it is now", async () => {
    const moved = writeScenario("moved");
    const { code, out } = await lastcall(await repeatableRun(), "--prove", "--scenario", moved);
    expect(out).toContain("The scenario has all of this already.");
    expect(code).toBe(2);
  });

  it("asks where the scenario is when it is gone", async () => {
    const { code, err } = await lastcall(await repeatableRun(), "--prove");
    expect(err).toMatch(/^NO_SCENARIO: The scenario of this run is no longer in /);
    expect(err).toContain("--scenario PATH");
    expect(code).toBe(64);
  });

  it("refuses the scenario of another workload", async () => {
    const other = writeScenario("other", "shop");
    const { code, err } = await lastcall(await repeatableRun(), "--prove", "--scenario", other);
    expect(err).toMatch(/^OTHER_WORKLOAD: The run was of Deployment default\/web, and /);
    expect(code).toBe(64);
  });

  it("looks at the manifest before it runs anything", async () => {
    const args = ["--prove", "--apply-to", join(folder, "none.yaml")];
    const { code, err } = await lastcall(await repeatableRun(), ...args);
    expect(err).toMatch(/^NO_MANIFEST: /);
    expect(code).toBe(64);
  });

  it("says that a run of an older version cannot be made again", async () => {
    const { code, err } = await lastcall(await healthyRun(), "--prove");
    expect(err).toMatch(/^NOT_REPEATABLE: .* does not say how it was made\./);
    expect(code).toBe(3);
  });
});
