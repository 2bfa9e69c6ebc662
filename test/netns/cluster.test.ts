import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { CoreV1Api, Exec, KubeConfig, Log, PortForward, type V1Pod } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type EmbeddedCluster, startCluster } from "#embedded/index.ts";
import { Client, dial } from "./pod-programs.ts";
import { leaveTraces, remains } from "./traces.ts";

/** Knows of no pod and no cluster: it binds every address, and says which one it was reached at. */
const PROGRAM = `
const server = require("node:net").createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", () => socket.write(socket.localAddress));
});
server.listen(8080, "0.0.0.0", () => console.log("listening"));
process.on("SIGTERM", () => server.close());`;

const aPod = (name: string): V1Pod => ({
  metadata: { name, namespace: "default", labels: { app: "web" } },
  spec: {
    terminationGracePeriodSeconds: 20,
    containers: [
      {
        name: "app",
        image: "node:24",
        command: ["node", "-e", PROGRAM],
        readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
      },
    ],
  },
});

function configOf(kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return config;
}

describe("a cluster whose pods have network namespaces", () => {
  let cluster: EmbeddedCluster;
  let config: KubeConfig;
  let core: CoreV1Api;
  const addresses = new Map<string, string>();

  beforeAll(async () => {
    cluster = await startCluster({ podNetwork: "netns", nodes: 2 });
    config = configOf(cluster.kubeconfig);
    core = config.makeApiClient(CoreV1Api);
    for (const name of ["one", "two"]) {
      await core.createNamespacedPod({ namespace: "default", body: aPod(name) });
    }
    for (const name of ["one", "two"]) addresses.set(name, await readyAddress(core, name));
  });
  afterAll(() => cluster?.stop());

  const addressOf = (name: string) => addresses.get(name) ?? "";

  it("runs unmodified programs side by side on one port, each at its pod's address", async () => {
    expect(cluster.podNetwork).toBe("netns");
    expect(addressOf("one")).toMatch(/^240\./);
    expect(await dial(addressOf("one"), 8080)).toBe(addressOf("one"));
    expect(await dial(addressOf("two"), 8080)).toBe(addressOf("two"));
    expect(await dial(addressOf("two"), 8081)).toBe("ECONNREFUSED");
  });

  it("runs commands in the pod's network, and shows its log", async () => {
    const output = new PassThrough();
    const done = Promise.withResolvers<void>();
    const command = ["sh", "-c", "cat /proc/net/tcp | grep -c :1F90; ls /sys/class/net"];
    await new Exec(config).exec("default", "one", "app", command, output, null, null, false, () =>
      done.resolve(),
    );
    await done.promise;
    output.end();
    expect(await text(output)).toMatch(/^1\n/);
    const log = new PassThrough();
    await new Log(config).log("default", "one", "app", log);
    expect(await text(log)).toBe("listening\n");
  });

  it("forwards a port to the pod", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answer = once(output, "data");
    const socket = await new PortForward(config).portForward(
      "default",
      "one",
      [8080],
      output,
      null,
      input,
    );
    input.write("?");
    expect(String((await answer)[0])).toBe(addressOf("one"));
    if (typeof socket !== "function") socket.close();
  });

  it("lets pods reach the API server", async () => {
    const service = await core.readNamespacedService({ name: "kubernetes", namespace: "default" });
    const url = `https://${service.spec?.clusterIP}/version`;
    const script = `fetch("${url}").then((answer) => answer.json()).then(({ major }) => process.exit(major === "1" ? 0 : 1))`;
    const body: V1Pod = {
      metadata: { name: "client" },
      spec: {
        restartPolicy: "Never",
        containers: [
          {
            name: "app",
            image: "node:24",
            command: ["node", "-e", script],
            env: [{ name: "NODE_TLS_REJECT_UNAUTHORIZED", value: "0" }],
          },
        ],
      },
    };
    await core.createNamespacedPod({ namespace: "default", body });
    const phase = async () =>
      (await core.readNamespacedPod({ name: "client", namespace: "default" })).status?.phase;
    await expect.poll(phase, { timeout: 20_000 }).toMatch(/Succeeded|Failed/);
    expect(await phase()).toBe("Succeeded");
  });

  it("leaves a kept connection with its pod until the pod's program closes it", async () => {
    const spec = { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] };
    const body = { metadata: { name: "web" }, spec };
    const { spec: created } = await core.createNamespacedService({ namespace: "default", body });
    const service = created?.clusterIP ?? "";
    await expect.poll(() => dial(service, 80), { timeout: 10_000 }).toMatch(/^\d/);
    let kept = await Client.connect(service, 80);
    while ((await kept.ask()) !== addressOf("one")) {
      kept.close();
      kept = await Client.connect(service, 80);
    }
    await core.deleteNamespacedPod({ name: "one", namespace: "default" });
    await expect
      .poll(async () => new Set(await Promise.all(TWELVE.map(() => dial(service, 80)))), {
        timeout: 10_000,
      })
      .toEqual(new Set([addressOf("two")]));
    for (let attempt = 0; attempt < 12; attempt += 1) {
      expect(await dial(service, 80)).toBe(addressOf("two"));
      expect(await kept.ask()).toBe(addressOf("one"));
    }
    kept.close();
  });
});

/** So many connections that find the same of two pods have no other to find. */
const TWELVE = Array.from({ length: 12 });

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A cluster in another process, behind what the launcher does to it; resolves to what it says. */
async function forkCluster(podNetwork: string, launcher: readonly string[] = []) {
  const [execPath = "", ...execArgv] = [...launcher, process.execPath, "--conditions=source"];
  const file = fileURLToPath(new URL("cluster-child.ts", import.meta.url));
  const child = fork(file, [podNetwork], { execPath, execArgv });
  children.push(child);
  const [answer] = await once(child, "message");
  return { child, answer };
}

describe("what is left", () => {
  it("is nothing after a cluster was stopped", async () => {
    const cluster = await startCluster({ podNetwork: "netns", nodes: 1 });
    const traces = await leaveTraces(cluster.kubeconfig);
    expect(remains(traces)).toHaveLength(4);
    await cluster.stop();
    await expect.poll(() => remains(traces), { timeout: 10_000 }).toEqual([]);
  });

  it("is nothing after the cluster's process was killed by SIGKILL", async () => {
    const { child, answer } = await forkCluster("netns");
    const traces = await leaveTraces(answer.kubeconfig);
    expect(remains(traces)).toHaveLength(4);
    child.kill("SIGKILL");
    await expect.poll(() => remains(traces), { timeout: 10_000 }).toEqual([]);
  });
});

describe("the choice of the pod network", () => {
  it("is namespaces where they work, when it is left to the cluster", async () => {
    await using stack = new AsyncDisposableStack();
    const cluster = await startCluster({ podNetwork: "auto", nodes: 1 });
    stack.defer(() => cluster.stop());
    expect(cluster).toMatchObject({ podNetwork: "netns" });
  });

  /** Still root, but without what namespaces need. */
  const POWERLESS = ["setpriv", "--bounding-set", "-sys_admin,-net_admin", "--"];

  it("is the loopback where namespaces do not work, and says why", async () => {
    const { answer } = await forkCluster("auto", POWERLESS);
    const podNetworkBecause = expect.stringMatching(/cannot have network namespaces here \(.+\)/);
    expect(answer).toMatchObject({ chosen: "process", podNetworkBecause });
  });

  it("is an error where namespaces do not work and were asked for", async () => {
    const { answer } = await forkCluster("netns", POWERLESS);
    expect(answer.error).toMatch(/cannot have network namespaces here \(.+\)/);
  });
});

/** Resolves when the pod is Ready. */
async function readyAddress(core: CoreV1Api, name: string): Promise<string> {
  return await vi.waitFor(
    async () => {
      const { status } = await core.readNamespacedPod({ name, namespace: "default" });
      const ready = status?.conditions?.find(({ type }) => type === "Ready");
      if (ready?.status !== "True") throw new Error(`${name} is not ready`);
      return status?.podIP ?? "";
    },
    { timeout: 20_000, interval: 50 },
  );
}
