import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findBreaches } from "./check-imports.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lastcall-wall-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function plant(file: string, text: string, top = "src"): readonly string[] {
  const path = join(root, top, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return findBreaches(root);
}

describe("findBreaches", () => {
  it.each([
    ["domain/x.ts", 'import { y } from "#ports/y.ts";'],
    ["domain/x.ts", 'import fs from "node:fs";'],
    ["domain/x.ts", 'import { parse } from "yaml";'],
    ["checkers/x.ts", 'import type { Clock } from "#ports/clock.ts";'],
    ["advice/x.ts", 'import { judge } from "#checkers/judge.ts";'],
    ["ports/x.ts", 'export { y } from "#load/y.ts";'],
    ["load/x.ts", 'import { y } from "#clusters/y.ts";'],
    ["clusters/x.ts", 'import { startCluster } from "#embedded/index.ts";'],
    ["runner/x.ts", 'import { y } from "#reporting/y.ts";'],
    ["runner/x.ts", 'import { y } from "#checkers/y.ts";'],
    ["runner/x.ts", 'import { y } from "#advice/y.ts";'],
    ["cli/x.ts", 'import { y } from "#runner/y.ts";'],
    ["embedded/kubelet/x.ts", 'import { y } from "#embedded/controllers/y.ts";'],
    ["embedded/apiserver/x.ts", 'import type { Verdict } from "#domain/verdict.ts";'],
    ["embedded/index.ts", 'import { y } from "#domain/y.ts";'],
    ["harness.ts", 'import { startKubelet } from "#embedded/kubelet/start-kubelet.ts";'],
    ["load/x.ts", 'import { y } from "../ports/y.ts";'],
    ["load/x.ts", 'const { y } = await import("#reporting/y.ts");'],
    ["load/x.ts", 'import "#reporting/y.ts";'],
    ["load/x.ts", 'import {\n  a,\n  b,\n} from "#reporting/y.ts";'],
    ["misc/x.ts", 'import { y } from "#domain/y.ts";'],
  ])("refuses in %s: %s", (file, text) => {
    expect(plant(file, text)).toHaveLength(1);
  });

  it.each([
    ["checkers/x.ts", 'import { y } from "#domain/y.ts";\nimport { z } from "./z.ts";'],
    ["clusters/embedded-cluster.ts", 'import { startCluster } from "#embedded/index.ts";'],
    ["embedded/kubelet/x.ts", 'import type { Pod } from "#embedded/api/objects.ts";'],
    ["embedded/index.ts", 'import { y } from "#embedded/kubelet/y.ts";'],
    ["harness.ts", 'import { y } from "#load/y.ts";\nimport { z } from "#reporting/z.ts";'],
    ["domain/x.test.ts", 'import { it } from "vitest";\nimport { y } from "#test/support/y.ts";'],
  ])("allows in %s: %s", (file, text) => {
    expect(plant(file, text)).toEqual([]);
  });

  it("holds the features to the domain, the scenario room and the harness", () => {
    plant("domain/x.ts", "export const x = 1;");
    expect(plant("support/world.ts", 'import { y } from "#harness.ts";', "features")).toEqual([]);
    expect(plant("support/world.ts", 'import { y } from "#runner/y.ts";', "features")).toHaveLength(
      1,
    );
  });

  it("fails when it sees no file, instead of finding no breach", () => {
    mkdirSync(join(root, "src"));
    expect(() => findBreaches(root)).toThrow("nothing was checked");
  });
});
