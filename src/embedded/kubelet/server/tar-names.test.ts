import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withAskedNames } from "./tar-names.ts";

it("gives what tar packs the name that was asked for, wherever it lies here", () => {
  const directory = mkdtempSync(join(tmpdir(), "tar-[names]-"));
  writeFileSync(join(directory, "dump.txt"), "hello");
  const asked = ["tar", "cf", "-", "/data/dump.txt"];
  const command = ["tar", "cf", "-", join(directory, "dump.txt")];
  const spec = withAskedNames(asked, { command, workingDirectory: "/", env: {} });
  const [program = "", ...args] = spec.command;
  const archive = execFileSync(program, args, { stdio: "pipe" });
  expect(execFileSync("tar", ["tf", "-"], { input: archive }).toString()).toBe("data/dump.txt\n");
  rmSync(directory, { recursive: true });
});

it("leaves every other command as it is", () => {
  const spec = { command: ["cat", "/here/x"], workingDirectory: "/", env: {} };
  expect(withAskedNames(["cat", "/data/x"], spec)).toBe(spec);
});
