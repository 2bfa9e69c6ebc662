import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withAskedNames } from "./tar-names.ts";

it.each(["data/dump.txt", "data/a&b,c.txt"])(
  "gives what tar packs the name that was asked for, %s, wherever it lies here",
  (name) => {
    const directory = mkdtempSync(join(tmpdir(), "tar-[names]-"));
    writeFileSync(join(directory, "dump.txt"), "hello");
    const asked = ["tar", "cf", "-", `/${name}`];
    const command = ["tar", "cf", "-", join(directory, "dump.txt")];
    const spec = withAskedNames(asked, { command, workingDirectory: "/", env: {} });
    const [program = "", ...args] = spec.command;
    const archive = execFileSync(program, args, { stdio: "pipe" });
    expect(execFileSync("tar", ["tf", "-"], { input: archive }).toString()).toBe(`${name}\n`);
    rmSync(directory, { recursive: true });
  },
);

it("leaves every other command as it is", () => {
  const spec = { command: ["cat", "/here/x"], workingDirectory: "/", env: {} };
  expect(withAskedNames(["cat", "/data/x"], spec)).toBe(spec);
});

it("asks for a backslash as one, too", () => {
  const spec = { command: ["tar", "cf", "-", "/here/x"], workingDirectory: "/", env: {} };
  const { command } = withAskedNames(["tar", "cf", "-", "/da\\ta/x"], spec);
  expect(command.at(-1)).toBe("--transform=s,^/*here/x,da\\\\ta/x,");
});
