import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommandLine } from "#test/support/run-command-line.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lastcall-dry-"));
  await writeFile(
    join(folder, "x.feature"),
    `Feature: x
  Scenario: x
    Given 4 running Pod replicas
    When 2 Pods are evicted
    Then the monitored metrics should satisfy:
      | forced kills | 0 |
`,
  );
});

afterEach(() => rm(folder, { recursive: true }));

const dryRun = (...args: readonly string[]) =>
  runCommandLine([
    ...["run", join(folder, "x.feature"), "--dry-run", "--scenario", "scenarios/shop"],
    ...["--reports", join(folder, "reports"), ...args],
  ]);

describe("lastcall run --dry-run", () => {
  it("shows the plan, claims no pass and writes nothing", async () => {
    const { code, stdout } = await dryRun();
    expect(stdout).toContain(
      "create evictions of Pods of default, up to 2 of 4 pods at once, fewer where a budget says so",
    );
    expect(stdout).toContain("1 scenario (1 skipped)");
    expect(code).toBe(0);
    expect(existsSync(join(folder, "reports"))).toBe(false);
  });

  it("refuses what the run would refuse, without connecting", async () => {
    const { code, stderr } = await dryRun("--cluster", "context:shop-eu");
    expect(stderr).toContain("allow: { contexts: [shop-eu] }");
    expect(code).toBe(64);
  });
});
