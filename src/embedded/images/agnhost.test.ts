import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { BUILT_IN_IMAGES } from "./built-in-images.ts";

const agnhost = imageNamed("registry.k8s.io/e2e-test-images/agnhost");
const started: ChildProcess[] = [];

afterEach(() => {
  // The group, for `pause` waits in a child of its own, which a container runtime ends with it.
  for (const { pid } of started.splice(0)) {
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {
      // Everything of it has ended.
    }
  }
});

describe("the stand-in for agnhost", () => {
  it("serves netexec's endpoints on the pod's address", async () => {
    const { get } = await netexec();
    expect(await get("/healthz")).toEqual([200, ""]);
    expect(await get("/hostname")).toEqual([200, "web-1"]);
    expect(await get("/echo?msg=hello&code=418")).toEqual([418, "hello"]);
    expect(await get("/shell?cmd=echo%20out;%20exit%203")).toEqual([
      200,
      '{"error":"exit status 3","output":"out\\n"}',
    ]);
  });

  it("answers a path that it does not know with the time, not with 404", async () => {
    const [status, body] = await (await netexec()).get("/nope");
    expect(status).toBe(200);
    expect(body).toMatch(/^NOW: /);
  });

  it("goes on serving after SIGTERM for the delay, then exits with 0", async () => {
    const { child, get } = await netexec("--delay-shutdown=1");
    const exit = once(child, "exit");
    const signalledMs = performance.now();
    child.kill("SIGTERM");
    expect(await get("/healthz")).toEqual([200, ""]);
    expect(await exit).toEqual([0, null]);
    expect(performance.now() - signalledMs).toBeGreaterThanOrEqual(990);
  });

  it("exits at once after SIGTERM without a delay", async () => {
    const { child } = await netexec();
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("exits with the code that /exit asks for", async () => {
    const { child, get } = await netexec();
    const exit = once(child, "exit");
    await get("/exit?code=7").catch(() => undefined); // the answer is cut
    expect(await exit).toEqual([7, null]);
  });

  it("pauses without arguments until SIGTERM, which it answers with 2", async () => {
    const child = start();
    await once(child.stdout ?? child, "data");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([2, null]);
  });

  it("serves its name, or a page", async () => {
    const asks = async (subcommand: string, path: string) => {
      const { get } = await serving(subcommand);
      return await get(path);
    };
    expect(await asks("serve-hostname", "/")).toEqual([200, "web-1"]);
    expect(await asks("test-webserver", "/")).toEqual([200, expect.stringContaining("It works!")]);
  });

  it("asks another server for its caller, over HTTP and UDP", async () => {
    const udpPort = await freePort();
    const { get, port } = await netexec(`--udp-port=${udpPort}`);
    const dial = (protocol: string, at: number) =>
      get(`/dial?host=127.0.0.1&port=${at}&request=hostname&protocol=${protocol}&tries=2`);
    const twice = [200, JSON.stringify({ responses: ["web-1", "web-1"] })];
    expect(await dial("http", port)).toEqual(twice);
    await expect.poll(() => dial("udp", udpPort)).toEqual(twice);
  });

  it("counts what is written to it", async () => {
    const { get, port } = await serving("nettest");
    const write = { method: "POST", body: JSON.stringify({ Source: "prestop" }) };
    await fetch(`http://127.0.0.1:${port}/write`, write);
    expect(JSON.parse((await get("/read"))[1])).toMatchObject({ Received: { prestop: 1 } });
  });

  it("makes files and tells what it sees of them", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "lastcall-mounttest-")), "made");
    const child = start("mounttest", `--new_file_0660=${file}`, `--file_mode=${file}`);
    const said = await text(child.stdout ?? process.stdin);
    expect(said).toBe(
      `content of file "${file}": mount-tester new file\n\nmode of file "${file}": -rw-rw----\n`,
    );
    rmSync(dirname(file), { recursive: true });
  });

  it("prints how it was called", async () => {
    const child = start("entrypoint-tester", "a", "b");
    const [text] = await once(child.stdout ?? child, "data");
    expect(String(text)).toBe("[/agnhost entrypoint-tester a b]\n");
  });

  it("answers at every port that a variable names", async () => {
    const [first, second] = [await freePort(), await freePort()];
    const env = { [`SERVE_PORT_${first}`]: "one", [`SERVE_TCP_PORT_${second}`]: "two" };
    const { get } = await listening(first, startWith(env, "porter", "--json-response"));
    expect(await get("/")).toEqual([200, '{"Method":"GET","Body":"one"}']);
    await expect
      .poll(() => fetch(`http://127.0.0.1:${second}`).then((answer) => answer.text(), String))
      .toBe('{"Method":"GET","Body":"two"}');
  });

  it("refuses a subcommand that it does not have", async () => {
    expect(await once(start("guestbook"), "exit")).toEqual([1, null]);
  });
});

function imageNamed(name: string) {
  return BUILT_IN_IMAGES.find(({ image }) => image === name);
}

describe("the programs beside agnhost", () => {
  it("word a missing file as busybox does, and are the machine's own otherwise", () => {
    const cat = join(agnhost?.ownPrograms ?? "", "cat");
    const run = (...args: string[]) => spawnSync(cat, args, { input: "in\n", encoding: "utf8" });
    expect(run("/none", cat)).toMatchObject({
      status: 1,
      stderr: "cat: can't open '/none': No such file or directory\n",
      stdout: readFileSync(cat, "utf8"),
    });
    expect(run()).toMatchObject({ status: 0, stdout: "in\n" });
  });
});

describe("the stand-in for pause", () => {
  it("waits until SIGTERM, which it answers with 0", async () => {
    const [program = "", ...args] = imageNamed("registry.k8s.io/pause")?.command ?? [];
    const child = spawn(program, args, { detached: true, stdio: "pipe" });
    started.push(child);
    await expect.poll(() => catchesSigterm(child.pid)).toBe(true);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});

/** As the kernel tells it: bit 14 of the mask is signal 15. */
function catchesSigterm(pid: number | undefined): boolean {
  const [, mask = "0"] = /SigCgt:\s*(\w+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return (BigInt(`0x${mask}`) & (1n << 14n)) !== 0n;
}

function start(...args: readonly string[]): ChildProcess {
  return startWith({}, ...args);
}

function startWith(more: object, ...args: readonly string[]): ChildProcess {
  const [program = "", ...before] = agnhost?.command ?? [];
  const env = { HOST: "127.0.0.1", HOSTNAME: "web-1", PATH: process.env["PATH"], ...more };
  const child = spawn(program, [...before, ...args], { env, detached: true });
  started.push(child);
  return child;
}

async function netexec(...flags: readonly string[]) {
  const port = await freePort();
  return await listening(port, start("netexec", `--http-port=${port}`, ...flags));
}

async function serving(subcommand: string) {
  const port = await freePort();
  return await listening(port, start(subcommand, `--port=${port}`));
}

async function listening(port: number, child: ChildProcess) {
  await once(child.stderr ?? child, "data");
  const get = async (path: string): Promise<readonly [number, string]> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return [response.status, await response.text()];
  };
  return { child, get, port };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
