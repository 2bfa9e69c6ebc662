import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/*
 * From a run that failed to a manifest that is proven, through the real command line: a workload whose grace
 * period is too short for its slowest answers.
 */
const repository = join(import.meta.dirname, "../..");
const scenario = join(repository, "test/catches/grace-too-short");
const FEATURE = `Feature: a web server
  Scenario: it is updated
    Given 2 running Pod replicas
    When a Deployment update is performed
    Then the monitored metrics should satisfy:
      | metric           | threshold |
      | forced kills     | 0         |
      | dropped requests | 0         |
`;

let folder: string;
let failed: string;
const started: ChildProcess[] = [];

function start(...args: readonly string[]) {
  const main = join(repository, "src/cli/main.ts");
  const child = spawn(process.execPath, ["--conditions=source", main, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  return child;
}

async function lastcall(...args: readonly string[]) {
  const child = start(...args);
  const [out, err, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { exitCode, out, err };
}

const runs = () => readdirSync(join(folder, "reports")).filter((name) => /^\d{4}-/.test(name));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lastcall-prove-"));
  writeFileSync(join(folder, "web.feature"), FEATURE);
  copyFileSync(join(scenario, "workload.yaml"), join(folder, "workload.yaml"));
  const record = () => lastcall("run", "web.feature", "--scenario", scenario);
  let { exitCode } = await record();
  // No hook is tried again by itself, and a machine that was too busy records a void run.
  if (exitCode === 2) ({ exitCode } = await record());
  expect(exitCode).toBe(1);
  failed = join("reports", runs().at(-1) ?? "");
}, 120_000);
afterAll(() => {
  for (const child of started) child.kill(); // only one whose test was given up still runs
  rmSync(folder, { recursive: true });
});

describe("lastcall advise --prove", () => {
  it("does the run again with the advised change, and writes it once it is proven", async () => {
    const original = readFileSync(join(scenario, "workload.yaml"), "utf8");
    const args = ["--prove", "--apply-to", "workload.yaml", "--write"];
    const { exitCode, out, err } = await lastcall("advise", failed, ...args);
    expect(err).toContain("PROVEN  Broken before and kept now: forced kills, dropped requests.");
    expect(err).toMatch(/Forced kills +0 +2 +0 +fail → pass/);
    expect([exitCode, out]).toEqual([0, ""]);
    const written = readFileSync(join(folder, "workload.yaml"), "utf8");
    expect(written).toMatch(/terminationGracePeriodSeconds: [5-9]\n/);
    expect(written.replace(/(Seconds): [5-9]\n/, "$1: 2\n")).toBe(original);
    expect(readFileSync(join(scenario, "workload.yaml"), "utf8")).toBe(original);
    const result = readFileSync(
      join(folder, "reports", runs().at(-1) ?? "", "result.json"),
      "utf8",
    );
    expect(JSON.parse(result)).toMatchObject({
      verdict: "pass",
      headline: expect.stringContaining("with an advised change that its manifests do not have"),
    });
  });

  it("ends in order when it is interrupted, and proves nothing", async () => {
    const child = start("advise", failed, "--prove");
    let out = "";
    child.stdout.on("data", (chunk) => {
      const before = out;
      out += chunk;
      const disturbed = !before.includes("rolling update") && out.includes("rolling update");
      if (disturbed) child.kill("SIGINT"); // once: the second would end it at once
    });
    const [err, [exitCode]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect([exitCode, err]).toEqual([130, "Interrupted: what was running has been stopped.\n"]);
    expect(out).not.toContain("PROVEN");
  });
});
