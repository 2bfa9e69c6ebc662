import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "#cli/main.ts";
import { aHistory, anExchange, leaving } from "#test/support/builders.ts";
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
const killedRun = () => {
  const observations = leaving({ exitCode: 137, reason: "Error", atMs: 14_100 });
  return recordRun(folder, aHistory({ observations, exchanges }), [NO_KILLS]);
};

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

  it("judges by other promises when it is given some", async () => {
    const { out } = await lastcall(await healthyRun(), "-t", "deregistration latency <2s");
    expect(out).toContain("No known cause left traces");
  });

  it.each([
    ["without a run", [], "BAD_USAGE"],
    ["with --write and no file", ["RUN", "--write"], "BAD_USAGE"],
    ["with a manifest that is not there", ["RUN", "--apply-to", "/nowhere.yaml"], "NO_MANIFEST"],
  ])("is refused as wrong usage %s", async (_, args, code) => {
    const run = await healthyRun();
    const refused = await lastcall(...args.map((arg) => (arg === "RUN" ? run : arg)));
    expect(refused.err).toMatch(new RegExp(`^${code}: `));
    expect(refused.code).toBe(64);
  });

  it("says that a folder holds no run", async () => {
    const { code, err } = await lastcall(folder);
    expect(err).toMatch(/^UNREADABLE_RUN: /);
    expect(code).toBe(3);
  });
});
