import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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

const dryRun = (args: readonly string[] = [], env = {}) =>
  runCommandLine(
    [
      ...["run", join(folder, "x.feature"), "--dry-run", "--scenario", "scenarios/shop"],
      ...["--reports", join(folder, "reports"), ...args],
    ],
    { env },
  );

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

  it("takes the scenario that the feature's tag names, unless the command line names one", async () => {
    const feature = join(folder, "tagged.feature");
    const text = await readFile(join(folder, "x.feature"), "utf8");
    await writeFile(feature, `@scenario:storefront\n${text}`);
    const plan = (args: readonly string[]) =>
      runCommandLine(["run", feature, "--dry-run", "--reports", folder, ...args]);
    expect((await plan([])).stdout).toContain("Plan of storefront");
    const { stdout } = await plan(["--scenario", "scenarios/shop"]);
    expect(stdout).toContain("Plan of shop");
    expect(stdout).not.toContain("storefront");
  });

  it("refuses what the run would refuse, without connecting", async () => {
    const env = { KUBECONFIG: join(folder, "none") };
    const { code, stderr } = await dryRun(["--cluster", "context:shop-eu"], env);
    expect(stderr).toContain("allow: { contexts: [shop-eu] }");
    expect(code).toBe(64);
  });

  it("names the contexts there are, for one that is not among them", async () => {
    const kubeconfig = join(folder, "kubeconfig");
    const cluster = { name: "eu", cluster: { server: "https://127.0.0.1:1" } };
    const context = { name: "shop-eu", context: { cluster: "eu", user: "me" } };
    const users = [{ name: "me", user: {} }];
    const config = { clusters: [cluster], contexts: [context], users };
    await writeFile(kubeconfig, JSON.stringify({ apiVersion: "v1", kind: "Config", ...config }));
    const { code, stderr } = await runCommandLine(
      ["run", join(folder, "x.feature"), "--dry-run", "--cluster", "context:shop-ue"],
      { env: { KUBECONFIG: kubeconfig } },
    );
    expect(stderr).toBe(
      `CONTEXT_UNKNOWN: There is no context "shop-ue" in ${kubeconfig}.\n  Its contexts are: shop-eu.\n`,
    );
    expect(code).toBe(64);
  });
});
