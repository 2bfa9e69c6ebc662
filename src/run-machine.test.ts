import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { runMachine } from "./run-machine.ts";

it("counts what this process and its children use as the run's own", async () => {
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  try {
    const before = await runMachine.read();
    const startedAt = process.cpuUsage();
    while (process.cpuUsage(startedAt).user < 100_000) Math.sqrt(2); // microseconds of our own
    const after = await runMachine.read();
    expect(after?.own.has(process.pid)).toBe(true);
    expect(after?.own.has(child.pid ?? 0)).toBe(true);
    expect(after?.own.has(process.ppid)).toBe(false);
    expect((after?.ownMs ?? 0) - (before?.ownMs ?? 0)).toBeGreaterThanOrEqual(80);
    expect((after?.busyMs ?? 0) - (before?.busyMs ?? 0)).toBeGreaterThanOrEqual(80);
  } finally {
    child.kill();
  }
});
