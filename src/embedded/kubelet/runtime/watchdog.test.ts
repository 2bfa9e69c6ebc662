import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

describe("startWatchdog", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "lastcall-watchdog-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Runs a harness of a few lines until it has printed its process ids, one JSON array. */
  async function startHarness(body: string) {
    const script = `
      import { spawn } from "node:child_process";
      import { startWatchdog } from "${import.meta.dirname}/watchdog.ts";
      import { detectRuntime } from "${import.meta.dirname}/detect-runtime.ts";
      const directory = ${JSON.stringify(directory)};
      const watchdog = await startWatchdog(directory);
      ${body}
      setInterval(() => {}, 1000);`;
    const args = ["--conditions=source", "--input-type=module-typescript", "-e", script];
    const harness = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(harness.stdout, "data");
    return { harness, pids: JSON.parse(String(line)) as number[] };
  }

  it.each(["pid-namespace", "process-group"])(
    "leaves no process and no file behind when the harness is killed by SIGKILL (%s)",
    async (only) => {
      writeFileSync(join(directory, "log"), "kept until the harness is dead");
      const { harness, pids } = await startHarness(`
        const runtime = await detectRuntime({ directory, watchdog, only: "${only}" });
        const command = ["/bin/sh", "-c", "trap '' TERM HUP INT; sleep 60 & sleep 61; true"];
        const spec = { command, workingDirectory: "/", env: { PATH: "/usr/bin:/bin" } };
        const container = await runtime.start(spec, () => {});
        await container.exec({ ...spec, command: ["/bin/sleep", "62"] }, () => {});
        const { readFileSync } = await import("node:fs");
        const children = (pid) => readFileSync(\`/proc/\${pid}/task/\${pid}/children\`, "utf8")
          .trim().split(" ").filter(Boolean).map(Number).flatMap((child) => [child, ...children(child)]);
        await new Promise((resolve) => setTimeout(resolve, 100));
        console.log(JSON.stringify(children(process.pid)));`);
      expect(pids.length).toBeGreaterThanOrEqual(5);
      harness.kill("SIGKILL");
      await once(harness, "exit");
      expect(await survivors(pids)).toEqual([]);
      expect(existsSync(directory)).toBe(false);
    },
  );

  it("kills a guarded group whose own parent death signal does not reach it", async () => {
    const { harness, pids } = await startHarness(`
      const script = "sleep 60 & echo $!; wait";
      const child = spawn("/bin/sh", ["-c", script], { detached: true, stdio: ["ignore", "pipe"] });
      watchdog.guard(child.pid);
      child.stdout.on("data", (grandchild) => {
        console.log(JSON.stringify([child.pid, Number(grandchild), watchdog.pid]));
      });`);
    harness.kill("SIGKILL");
    await once(harness, "exit");
    expect(await survivors(pids)).toEqual([]);
  });

  it("spares a released group, and everything when it was stopped in good order", async () => {
    const { harness, pids } = await startHarness(`
      const options = { detached: true, stdio: "ignore" };
      const released = spawn("/bin/sleep", ["60"], options);
      watchdog.guard(released.pid);
      watchdog.release(released.pid);
      const second = await startWatchdog(directory);
      const stopped = spawn("/bin/sleep", ["60"], options);
      second.guard(stopped.pid);
      await second.stop();
      console.log(JSON.stringify([watchdog.pid, released.pid, stopped.pid]));`);
    const [guard = 0, ...spared] = pids;
    harness.kill("SIGKILL");
    await once(harness, "exit");
    expect(await survivors([guard])).toEqual([]);
    expect(spared.filter(isRunning)).toEqual(spared);
    for (const pid of spared) process.kill(pid, "SIGKILL");
  });
});

/** The processes that still run once all had the time to end; a zombie has ended. */
async function survivors(pids: readonly number[]): Promise<readonly number[]> {
  for (let attempt = 0; attempt < 100 && pids.some(isRunning); attempt += 1) await sleep(20);
  return pids.filter(isRunning);
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
