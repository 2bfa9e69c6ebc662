import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppsV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "#cli/main.ts";
import { openBackgroundClusters } from "#open-clusters.ts";

let temporary = "";
const OUTER = { TMPDIR: process.env["TMPDIR"], XDG_STATE_HOME: process.env["XDG_STATE_HOME"] };

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "cluster-test-"));
  process.env["TMPDIR"] = temporary;
  process.env["XDG_STATE_HOME"] = join(temporary, "state");
});
afterEach(async () => {
  for (const { name } of await openBackgroundClusters().list())
    await lastcall("down", "--name", name);
  for (const [name, value] of Object.entries(OUTER)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(temporary, { recursive: true, force: true });
});

const clusters = () => join(temporary, "state", "lastcall", "clusters");
const home = (name = "lastcall") => join(clusters(), name);
const recordOf = (name?: string) =>
  JSON.parse(readFileSync(join(home(name), "cluster.json"), "utf8")) as {
    pid: number;
    url: string;
  };

async function lastcall(...args: readonly string[]) {
  let out = "";
  let err = "";
  const code = await main(["cluster", ...args], {
    out: {
      write: (text) => {
        out += text;
      },
    },
    err: {
      write: (text) => {
        err += text;
      },
    },
  });
  return { code, out, err };
}

function api<T>(type: new (config: never) => T, name?: string): T {
  const config = new KubeConfig();
  config.loadFromFile(join(home(name), "kubeconfig"));
  return config.makeApiClient(type as never) as T; // the library's own clients are all made this way
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const isListening = (url: string) =>
  new Promise<boolean>((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });

/** Runs one pod that listens; resolves to where. */
async function runPod(image: string, name?: string): Promise<string> {
  const file = join(temporary, "listening");
  const spec = {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image, env: [{ name: "TOLD", value: file }] }] },
    },
  };
  const body = { metadata: { name: "web" }, spec };
  await api(AppsV1Api, name).createNamespacedDeployment({ namespace: "default", body });
  return await vi.waitFor(() => new URL(readFileSync(file, "utf8")).href, 15_000);
}

const PROGRAM = `
  const server = require("node:net").createServer().listen(0, process.env.HOST, () => {
    const { address, port } = server.address();
    require("node:fs").writeFileSync(process.env.TOLD, "http://" + address + ":" + port);
  });`;

function writeImages(): string {
  const file = join(temporary, "images.yaml");
  writeFileSync(join(temporary, "program.cjs"), PROGRAM);
  writeFileSync(file, `images:\n  example/web: { directory: ., command: [node, program.cjs] }\n`);
  return file;
}

describe("lastcall cluster", () => {
  it("starts a cluster that answers, once, and stops it without a trace", async () => {
    const up = await lastcall("up", "--nodes", "2");
    expect(up.err).toMatch(
      /^Starting cluster lastcall with 2 nodes …\nReady after [\d.]+ s: https:/,
    );
    expect(up).toMatchObject({ code: 0, out: `export KUBECONFIG=${home()}/kubeconfig\n` });
    expect(statSync(join(home(), "kubeconfig")).mode & 0o777).toBe(0o600);
    const { items } = await api(CoreV1Api).listNode();
    const ready = items.map(
      ({ status }) => status?.conditions?.find(({ type }) => type === "Ready")?.status,
    );
    expect(ready).toEqual(["True", "True"]);

    const { pid, url } = recordOf();
    const again = await lastcall("up", "--nodes", "3");
    expect(again).toMatchObject({ code: 0, out: up.out });
    expect(again.err).toContain(`Cluster lastcall is running already (2 nodes, process ${pid}).`);
    expect(again.err).toContain("--nodes changes nothing");
    const status = await lastcall("status");
    expect(status.out).toMatch(
      new RegExp(
        `^NAME +STATE +PID +NODES +URL +AGE\nlastcall +Running +${pid} +2 +${url} +\\d+s\n$`,
      ),
    );

    const down = await lastcall("down");
    expect(down).toMatchObject({
      code: 0,
      err: "Cluster lastcall is stopped; nothing of it is left.\n",
    });
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
    expect(await isListening(url)).toBe(false);
    expect(readdirSync(clusters())).toEqual([]);
    expect(readdirSync(temporary)).toEqual(["state"]);
  });

  it("tells of a cluster whose process was killed, and clears away what it left", async () => {
    await lastcall("up", "--nodes", "1", "--images", writeImages());
    const pod = await runPod("example/web:1");
    const { pid } = recordOf();
    process.kill(pid, "SIGKILL");
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
    await vi.waitFor(async () => expect(await isListening(pod)).toBe(false), 5_000);
    const status = await lastcall("status");
    expect(status.out).toContain("Ended unexpectedly");
    expect(status.out).toContain(`its process ${pid} was killed`);
    const down = await lastcall("down");
    expect(down).toMatchObject({ code: 0 });
    expect(down.err).toContain(
      `Cluster lastcall had ended without being stopped: its process ${pid} was killed.`,
    );
    expect(readdirSync(clusters())).toEqual([]);
    await vi.waitFor(
      () =>
        expect(readdirSync(temporary).filter((each) => each.startsWith("lastcall-"))).toEqual([]),
      5_000,
    );
  });

  it("ends the pods with the cluster, and outlives a closed terminal", async () => {
    await lastcall("up", "--nodes", "1", "--name", "dev", "--images", writeImages());
    const pod = await runPod("example/web:1", "dev");
    const { pid, url } = recordOf("dev");
    process.kill(pid, "SIGHUP");
    expect(await isListening(url)).toBe(true);
    expect(await isListening(pod)).toBe(true);
    process.kill(pid, "SIGTERM");
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000);
    expect(await isListening(pod)).toBe(false);
    expect(existsSync(home("dev"))).toBe(false);
  });

  it("gives a name to one of those who ask for it at once", async () => {
    const both = await Promise.all([
      lastcall("up", "--nodes", "1"),
      lastcall("up", "--nodes", "1"),
    ]);
    const codes = both.map(({ code }) => code).toSorted();
    expect(codes).toEqual([0, 3]);
    expect(both.find(({ code }) => code === 3)?.err).toMatch(/^(?:.*\n)*CLUSTER_STARTING: /);
    expect(readdirSync(clusters())).toEqual(["lastcall"]);
  });

  it("starts nothing for a wrong name, number, path or action, and says what is right", async () => {
    const code = 64;
    expect(await lastcall("up", "--name", "a_b")).toMatchObject({
      code,
      err: expect.stringMatching(/^BAD_CLUSTER_NAME: "a_b".*\n {2}A name has/),
    });
    expect(await lastcall("up", "--nodes", "0")).toMatchObject({
      code,
      err: expect.stringMatching(/^BAD_NODES: .*"0".*\n/),
    });
    expect(await lastcall("up", "--images", "nowhere")).toMatchObject({
      code,
      err: expect.stringMatching(/^NO_SCENARIO: /),
    });
    expect(await lastcall("stop")).toMatchObject({
      code,
      err: expect.stringMatching(/^BAD_USAGE: /),
    });
    expect(await lastcall("down", "--nodes", "2")).toMatchObject({
      code,
      err: expect.stringMatching(/^BAD_USAGE: .*--nodes/),
    });
    expect(await lastcall("status", "--name", "dev")).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^NO_CLUSTER: .*dev/),
    });
    expect(await lastcall("down")).toMatchObject({
      code: 0,
      err: expect.stringContaining("nothing had to be stopped"),
    });
    expect(existsSync(clusters())).toBe(false);
  });
});
