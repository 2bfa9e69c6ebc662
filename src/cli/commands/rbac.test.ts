import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { runCommandLine } from "#test/support/run-command-line.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lastcall-rbac-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function rbac(when: string, metric = "forced kills", ...more: readonly string[]) {
  const feature = join(folder, "x.feature");
  await writeFile(
    feature,
    `Feature: x
  Scenario: x
    When ${when}
    Then the monitored metrics should satisfy:
      | ${metric} | 0 |
`,
  );
  const args = ["rbac", feature, "--scenario", "scenarios/shop", "--namespace", "nightly", ...more];
  const { code, stdout, stderr } = await runCommandLine(args);
  const objects = parseAllDocuments(stdout).map((document) => document.toJS());
  return { code, stderr, kinds: objects.map((one) => one?.kind), objects };
}

describe("lastcall rbac", () => {
  it("prints nothing but YAML, with the account where it was asked for", async () => {
    const { code, kinds, objects } = await rbac("2 Pods are evicted");
    expect(code).toBe(0);
    expect(kinds).toEqual(["ServiceAccount", "Role", "RoleBinding"]);
    expect(objects[0].metadata).toMatchObject({ name: "lastcall", namespace: "nightly" });
    expect(objects[2]).toMatchObject({
      metadata: { namespace: "default" },
      subjects: [{ kind: "ServiceAccount", name: "lastcall", namespace: "nightly" }],
    });
  });

  it("gives a ClusterRole for what belongs to the whole cluster", async () => {
    const { objects } = await rbac("1 node is cordoned", "leaks");
    expect(objects.find(({ kind }) => kind === "ClusterRole")).toMatchObject({
      metadata: { name: "lastcall-nightly" },
      rules: [
        { resources: ["nodes"], verbs: ["list", "get", "patch"] },
        { resources: ["nodes/proxy"], verbs: ["get"] },
      ],
    });
  });

  it("lets a load from inside make its Job and talk with its pods, and no other load", async () => {
    const resources = async (...more: readonly string[]) => {
      const { objects } = await rbac("2 Pods are evicted", "forced kills", ...more);
      const role = objects.find(({ kind }) => kind === "Role");
      return role.rules.flatMap(
        (rule: { readonly resources: readonly string[] }) => rule.resources,
      );
    };
    const inside = await resources("--load-from", "inside");
    const outside = await resources();
    expect(inside.filter((name: string) => !outside.includes(name)).toSorted()).toEqual([
      "jobs",
      "pods/exec",
    ]);
  });

  it("says what is wrong with a feature, and prints no rules of it", async () => {
    const { code, stderr, kinds } = await rbac("the moon is full");
    expect(code).toBe(64);
    expect(stderr).toContain("the moon is full");
    expect(kinds).toEqual([]);
  });
});
