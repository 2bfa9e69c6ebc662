import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { isAlive, ownIdentity } from "./process-identity.ts";

describe("a process", () => {
  it("is alive while it is there, and no other of the same number", async () => {
    const own = await ownIdentity();
    expect(await isAlive(own)).toBe(true);
    expect(await isAlive({ ...own, startedAtTicks: "1" })).toBe(false);
  });

  it("is not alive when it has ended", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    const pid = child.pid ?? 0;
    await once(child, "exit");
    expect(await isAlive({ pid })).toBe(false);
  });
});
