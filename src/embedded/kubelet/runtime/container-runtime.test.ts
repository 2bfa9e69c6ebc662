import { EventEmitter, once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { testNetwork } from "#embedded/kubelet/testing/test-network.ts";
import type { ContainerProcess, ContainerRuntime, OutputSink } from "./container-runtime.ts";
import { detectRuntime } from "./detect-runtime.ts";
import { startWatchdog, type Watchdog } from "./watchdog.ts";

const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin" };
const networkNamespace = testNetwork.current?.namespace;

describe.each(["pid-namespace", "process-group"] as const)("a container as a %s", (only) => {
  let directory: string;
  let watchdog: Watchdog;
  let runtime: ContainerRuntime;
  const started: ContainerProcess[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "lastcall-runtime-"));
    watchdog = await startWatchdog(directory);
    runtime = await detectRuntime({ directory, watchdog, only });
  });

  afterEach(async () => {
    for (const container of started.splice(0)) {
      container.kill();
      await container.exited;
    }
  });

  afterAll(async () => {
    await watchdog.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(...command: string[]): Promise<ContainerProcess> {
    const spec = { command, workingDirectory: directory, env, networkNamespace };
    const container = await runtime.start(spec, () => {});
    started.push(container);
    return container;
  }

  /** Starts a program and waits until it has said that it is ready for signals. */
  async function startReady(...command: string[]): Promise<ContainerProcess> {
    const output = new Output();
    const spec = { command, workingDirectory: directory, env, networkNamespace };
    const container = await runtime.start(spec, output.sink);
    started.push(container);
    await output.until("ready");
    return container;
  }

  const node = (script: string) =>
    startReady(process.execPath, "-e", `${script};console.log("ready")`);
  const shell = (script: string) => startReady("/bin/sh", "-c", script);

  async function survives(container: ContainerProcess): Promise<boolean> {
    const exit = await Promise.race([container.exited, sleep(300)]);
    return exit === undefined;
  }

  it("reports the exit code of a program that ends by itself", async () => {
    expect((await (await start("/bin/sh", "-c", "exit 0")).exited).exitCode).toBe(0);
    expect((await (await start("/bin/sh", "-c", "exit 1")).exited).exitCode).toBe(1);
  });

  it("lets a program with a handler decide its exit code", async () => {
    const graceful = await node(
      "process.on('SIGTERM',()=>process.exit(0));setInterval(()=>{},1e3)",
    );
    graceful.terminate();
    expect((await graceful.exited).exitCode).toBe(0);
    const blunt = await shell("trap 'exit 143' TERM; echo ready; while :; do sleep 0.02; done");
    blunt.terminate();
    expect((await blunt.exited).exitCode).toBe(143);
  });

  it("keeps a program without a handler alive after SIGTERM, and ends it with 137 by SIGKILL", async () => {
    for (const container of [
      await node("setInterval(()=>{},1e3)"),
      await shell("echo ready; while :; do sleep 0.02; done"),
      await shell("trap '' TERM; echo ready; while :; do sleep 0.02; done"),
    ]) {
      container.terminate();
      expect(await survives(container)).toBe(true);
      container.kill();
      expect((await container.exited).exitCode).toBe(137);
    }
  });

  it("loses a SIGTERM that comes before the program can have a handler", async () => {
    const container = await start(process.execPath, "-e", "setInterval(()=>{},1e3)");
    for (let attempt = 0; attempt < 50; attempt += 1) {
      container.terminate();
      await sleep(2);
    }
    expect(await survives(container)).toBe(true);
  });

  it("gives its own PID 1 what a command inside sends there, and SIGKILL from inside to nobody", async () => {
    const container = await shell("trap 'exit 3' TERM; echo ready; while :; do sleep 0.02; done");
    const kill = async (name: string) => {
      const command = ["/bin/sh", "-c", `kill -s ${name} 1`];
      const spec = { command, workingDirectory: directory, env, networkNamespace };
      const exec = await container.exec(spec, () => {});
      exec.stdin?.end();
      return (await exec.exited).exitCode;
    };
    expect(await kill("KILL")).toBe(0);
    expect(await survives(container)).toBe(true);
    // PID 1 may take the command with it before that has ended by itself.
    expect([0, 137]).toContain(await kill("TERM"));
    expect((await container.exited).exitCode).toBe(3);
  });

  it("stands still with all that it has started when it is frozen, and can still be killed", async () => {
    const marks = join(directory, `marks-${only}`);
    const child = `while :; do echo x >> ${marks}; sleep 0.01; done`;
    const container = await shell(`(${child}) & echo ready; while :; do sleep 0.02; done`);
    await expect.poll(() => existsSync(marks)).toBe(true);
    container.freeze();
    const size = statSync(marks).size;
    await sleep(200);
    expect(statSync(marks).size).toBe(size);
    container.kill();
    expect((await container.exited).exitCode).toBe(137);
  });

  it("does not forward SIGTERM from a shell to the program it waits for", async () => {
    const script =
      "process.on('SIGTERM',()=>process.exit(0));console.log('ready');setInterval(()=>{},1e3)";
    const container = await shell(`"${process.execPath}" -e "${script}"; true`);
    container.terminate();
    expect(await survives(container)).toBe(true);
  });

  it("lets Node.js die of a SIGTERM that it gets as a child, not as the main process", async () => {
    const script = "console.log('ready');setInterval(()=>{},1e3)";
    const container = await shell(
      `trap 'kill $child; wait $child; exit $?' TERM; "${process.execPath}" -e "${script}" & child=$!; while :; do sleep 0.02; done`,
    );
    container.terminate();
    expect((await container.exited).exitCode).toBe(143);
  });

  it("kills what the main process has left behind", async () => {
    const marker = join(directory, `left-behind-${only}`);
    const container = await shell(`(sleep 0.3; touch ${marker}) & echo ready; exit 0`);
    expect((await container.exited).exitCode).toBe(0);
    await sleep(500);
    expect(existsSync(marker)).toBe(false);
  });

  it("shows the program its own environment and nothing of the harness", async () => {
    const command = [process.execPath, "-p", "Object.keys(process.env).sort().join()"];
    const own = { PATH: "/bin", "with.dot": "1", NODE_OPTIONS: "--no-warnings" };
    const output = new Output();
    const spec = { command, workingDirectory: directory, env: own, networkNamespace };
    await (await runtime.start(spec, output.sink)).exited;
    expect(output.text.stdout.trim()).toBe("NODE_OPTIONS,PATH,with.dot");
  });

  it("has taken all output of the shortest program when it is reported to have ended", async () => {
    for (let run = 0; run < 10; run += 1) {
      const output = new Output();
      const command = ["/bin/sh", "-c", "echo all; echo of it >&2"];
      const spec = { command, workingDirectory: directory, env, networkNamespace };
      await (await runtime.start(spec, output.sink)).exited;
      expect(output.text).toEqual({ stdout: "all\n", stderr: "of it\n" });
    }
  });

  it("lets its outputs be opened by their names, also from a command beside it", async () => {
    const output = new Output();
    const script =
      "echo ready > /dev/stdout; echo named > /dev/stderr; while :; do sleep 0.02; done";
    const spec = { command: ["/bin/sh", "-c", script], workingDirectory: directory, env };
    const container = await runtime.start(spec, output.sink);
    started.push(container);
    await expect.poll(() => output.text).toEqual({ stdout: "ready\n", stderr: "named\n" });
    if (only === "process-group") return; // PID 1 is another process there
    const command = ["/bin/sh", "-c", "echo hook > /proc/1/fd/1"];
    const exec = await container.exec({ ...spec, command }, () => {});
    exec.stdin?.end();
    expect((await exec.exited).exitCode).toBe(0);
    await expect.poll(() => output.text.stdout).toBe("ready\nhook\n");
  });

  it("runs a command beside the program, with its own exit code and output", async () => {
    const container = await shell("echo ready; while :; do sleep 0.02; done");
    const workingDirectory = join(directory, "elsewhere");
    mkdirSync(workingDirectory, { recursive: true });
    const command = ["/bin/sh", "-c", "pwd; cat; echo no >&2; exit 3"];
    const output = new Output();
    const exec = await container.exec(
      { command, workingDirectory, env, networkNamespace },
      output.sink,
    );
    exec.stdin?.end("typed\n");
    expect((await exec.exited).exitCode).toBe(3);
    expect(output.text).toEqual({ stdout: `${workingDirectory}\ntyped\n`, stderr: "no\n" });
  });

  it("ends a running command with the container, and alone when it is killed", async () => {
    const container = await shell("echo ready; while :; do sleep 0.02; done");
    const command = ["/bin/sh", "-c", "echo ready; sleep 60"];
    const spec = { command, workingDirectory: directory, env, networkNamespace };
    const killed = await container.exec(spec, () => {});
    killed.kill();
    expect((await killed.exited).exitCode).toBe(137);
    const output = new Output();
    const abandoned = await container.exec(spec, output.sink);
    await output.until("ready");
    container.kill();
    expect((await abandoned.exited).exitCode).toBe(137);
    await container.exited;
    await expect(container.exec(spec, () => {})).rejects.toThrow("container is not running");
  });
});

/** Collects what a process writes. */
class Output {
  readonly text = { stdout: "", stderr: "" };
  readonly #taken = new EventEmitter();
  readonly sink: OutputSink = (stream, chunk) => {
    this.text[stream] += chunk;
    this.#taken.emit("taken");
  };

  async until(word: string): Promise<void> {
    while (!this.text.stdout.includes(word)) await once(this.#taken, "taken");
  }
}
