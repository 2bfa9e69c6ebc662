import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCommandLine } from "#test/support/run-command-line.ts";

it("what Node compiles for a command is kept in the user's own cache, and nowhere when that cannot be written", async () => {
  const home = mkdtempSync(join(tmpdir(), "lastcall-cache-"));
  try {
    const cache = join(home, "cache");
    const env = { ...process.env, HOME: home };
    await runCommandLine(["help", "sign"], { env: { ...env, XDG_CACHE_HOME: cache } });
    expect(readdirSync(join(cache, "lastcall"))).toHaveLength(1);
    const unwritable = { ...env, XDG_CACHE_HOME: import.meta.filename };
    const { stdout } = await runCommandLine(["help", "sign"], { env: unwritable });
    expect(stdout).toContain("lastcall sign RUN");
    expect(existsSync(join(home, ".cache"))).toBe(false);
  } finally {
    rmSync(home, { recursive: true });
  }
});
