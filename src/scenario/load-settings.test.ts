import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "#domain/errors.ts";
import { loadSettings } from "./load-settings.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "settings-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("loadSettings", () => {
  it("has defaults for a folder without the file", async () => {
    expect(await loadSettings(folder)).toEqual({
      cluster: "embedded",
      reports: join(folder, "reports"),
    });
  });

  it("reads the file's keys, with paths from the file's folder", async () => {
    const text = "scenario: scenarios/shop\ncluster: context:kind-ci\nreports: out\n";
    writeFileSync(join(folder, "lastcall.yaml"), text);
    expect(await loadSettings(folder)).toEqual({
      scenario: join(folder, "scenarios/shop"),
      cluster: "context:kind-ci",
      reports: join(folder, "out"),
    });
  });

  it("reads where the load comes from", async () => {
    const text = "loadFrom: inside\nloadWorkers: 4\nrunnerImage: registry.test/lastcall:1\n";
    writeFileSync(join(folder, "lastcall.yaml"), text);
    expect(await loadSettings(folder)).toMatchObject({
      ...{ loadFrom: "inside", loadWorkers: 4, runnerImage: "registry.test/lastcall:1" },
    });
    writeFileSync(join(folder, "lastcall.yaml"), "loadFrom: within\nloadWorkers: 0\n");
    await expect(loadSettings(folder)).rejects.toThrow(
      /loadFrom is "within"; it must be outside or inside[\s\S]*loadWorkers is "0"/,
    );
  });

  it("reads what may be touched", async () => {
    const text = "allow: { contexts: [staging-*], namespaces: [shop, bank] }\nmaxDisrupted: 30%\n";
    writeFileSync(join(folder, "lastcall.yaml"), text);
    expect(await loadSettings(folder)).toMatchObject({
      allow: { contexts: ["staging-*"], namespaces: ["shop", "bank"] },
      maxDisruptedRatio: 0.3,
    });
    writeFileSync(join(folder, "lastcall.yaml"), "allow: { context: [a] }\nmaxDisrupted: 0.3\n");
    await expect(loadSettings(folder)).rejects.toThrow(
      /allow.context is no known key; did you mean "contexts"[\s\S]*maxDisrupted is "0.3"; it must be a share such as 25%/,
    );
  });

  it("reads this repository's own file, with paths as a user would write them", async () => {
    expect(await loadSettings(process.cwd())).toEqual({
      scenario: "scenarios/shop",
      cluster: "embedded",
      reports: "reports",
    });
  });

  it("reports all that is wrong at once", async () => {
    writeFileSync(join(folder, "lastcall.yaml"), "scenarios: a\ncluster: kin\nreports: [x]\n");
    const error = await loadSettings(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      code: "BAD_SETTINGS",
      message: [
        "3 problems:",
        `  ${folder}/lastcall.yaml:1: scenarios is no known key; did you mean "scenario"? Known keys here: scenario, cluster, reports, allow, maxDisrupted, loadFrom, loadWorkers, runnerImage`,
        `  ${folder}/lastcall.yaml:2: cluster is "kin"; it must be "embedded", "kind", "kind:NAME", "context:NAME" or "in-cluster"`,
        `  ${folder}/lastcall.yaml:3: reports is a list; it must be a text`,
      ].join("\n"),
      hint: "lastcall.yaml may hold scenario, cluster, reports, allow, maxDisrupted, loadFrom, loadWorkers and runnerImage, and may also be absent.",
    });
  });
});
