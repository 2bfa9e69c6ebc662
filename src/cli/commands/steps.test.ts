import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { runCommandLine } from "#test/support/run-command-line.ts";

describe("lastcall steps", () => {
  it("has written docs/steps.md as it is", async () => {
    const { stdout } = await runCommandLine(["steps", "--markdown"]);
    const page = await readFile(new URL("../../../docs/steps.md", import.meta.url), "utf8");
    expect(page).toBe(stdout);
  });

  it("lists each sentence in three languages with what it does", async () => {
    const { stdout, code } = await runCommandLine(["steps"]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      [
        "When {int} node(s) is/are drained",
        "When 排空{int}個節點",
        "When 排空{int}个节点",
        "    As `kubectl drain`",
      ].join("\n"),
    );
    expect(stdout.split("\n\n").every((block) => block.trim().split("\n").length === 4)).toBe(true);
  });
});
