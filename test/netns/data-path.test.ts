import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Endpoint, EndpointSlice, Service } from "#embedded/api/objects.ts";
import { ENDPOINT_SLICES, SERVICES } from "#embedded/api/resources.ts";
import { type ApiServer, startApiServer } from "#embedded/apiserver/start-api-server.ts";
import { testNetwork } from "#embedded/kubelet/testing/test-network.ts";
import { startNetwork } from "#embedded/network/start-network.ts";
import { testNetns } from "./open-test-network.ts";
import { Client, dial, dialFrom, inPod, startPod } from "./pod-programs.ts";

const PREFIX = testNetwork.current?.prefix ?? "";
const NODES = [1, 2].map((number) => ({
  name: `node-${number}`,
  address: `${PREFIX}.0.${10 + number}`,
  podRange: `${PREFIX}.${number}.0/24`,
}));
const [NODE_1, NODE_2] = NODES.map(({ address }) => address) as [string, string];
/** Two pods of the first node, one of the second. */
const A = `${PREFIX}.1.1`;
const B = `${PREFIX}.1.2`;
const C = `${PREFIX}.2.1`;

const READY = { ready: true, serving: true, terminating: false };
const LEAVING = { ready: false, serving: true, terminating: true };
const STARTING = { ready: false, serving: false, terminating: false };

describe("the data path of the kernel", () => {
  const pods: (() => Promise<void>)[] = [];
  const owned: (() => Promise<void> | void)[] = [];
  let server: ApiServer;
  let slices = 0;

  beforeAll(async () => {
    for (const pod of [A, B, C]) pods.push(await startPod(pod));
  });
  afterAll(async () => {
    for (const stop of pods) await stop();
  });
  beforeEach(async () => {
    const address = `127.97.0.${1 + (process.pid % 250)}`;
    const service = { serviceAddressPrefix: `${PREFIX}.250`, clusterSecret: "none" };
    server = await startApiServer({ address, port: 0, ...service });
    owned.push(() => server.stop());
  });
  afterEach(async () => {
    for (const stop of owned.splice(0).toReversed()) await stop();
    await testNetns.loadRules("delete table ip lastcall");
  });

  async function start(dataPathDelayMs = 0): Promise<void> {
    const options = { client: server.client, nodes: NODES, dataPathDelayMs, kernel: testNetns };
    const network = await startNetwork(options);
    owned.push(() => network.stop());
  }

  async function createService(spec: Service["spec"] = {}): Promise<string> {
    const service = await server.client.create<Service>(SERVICES, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: "default" },
      spec: { ports: [{ port: 80, targetPort: 8080 }], ...spec },
    });
    return service.spec.clusterIP ?? "";
  }

  /** A slice of its own for each pod, so that one can change alone. */
  const publish = (address: string, conditions: Endpoint["conditions"], port = 8080) =>
    server.client.create<EndpointSlice>(ENDPOINT_SLICES, {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: `web-${slices++}`,
        namespace: "default",
        labels: { "kubernetes.io/service-name": "web" },
      },
      addressType: "IPv4",
      endpoints: [{ addresses: [address], conditions, nodeName: nodeOf(address) }],
      ports: [{ name: "", port, protocol: "TCP" }],
    });

  const change = (slice: EndpointSlice, conditions: Endpoint["conditions"]) =>
    server.client.update<EndpointSlice>(ENDPOINT_SLICES, {
      ...slice,
      endpoints: (slice.endpoints ?? []).map((endpoint) => ({ ...endpoint, conditions })),
    });

  /** Dials until the answers are exactly these; what would never come ends in the test's timeout. */
  async function answersBecome(expected: readonly string[], host: string, port = 80) {
    let seen = new Set<string>();
    do {
      seen = new Set();
      for (let attempt = 0; attempt < 24; attempt += 1) seen.add(await dial(host, port));
    } while ([...seen].toSorted().join() !== expected.toSorted().join());
  }

  it("spreads new connections over programs that all listen on port 8080 of every address", async () => {
    await start();
    const address = await createService();
    for (const pod of [A, B, C]) await publish(pod, READY);
    await answersBecome([A, B, C], address);
  });

  it("tells that a pod is gone at once, each time, and where the connection had been led", async () => {
    const heard: string[] = [];
    const following = testNetns.followConnections({
      line: (text) => heard.push(text),
      ended: () => {},
    });
    owned.push(() => following.stop());
    await start();
    const address = await createService();
    const gone = `${PREFIX}.1.77`;
    await publish(gone, READY);
    await answersBecome(["EHOSTUNREACH"], address);
    const told = () => heard.filter((line) => line.includes(`src=${gone} `)).length;
    await expect.poll(async () => (await dial(address, 80)) && told()).toBeGreaterThan(0);
    const before = told();
    for (let attempt = 0; attempt < 24; attempt += 1) await dial(address, 80);
    await expect.poll(told).toBe(before + 24);
  });

  it("forgets a try that met a pod that is gone before a client uses its port again", async () => {
    await start();
    const address = await createService();
    const slice = await publish(`${PREFIX}.1.77`, READY);
    await answersBecome(["EHOSTUNREACH"], address);
    const localPort = 31_000 + (process.pid % 1_000);
    expect(await dial(address, 80, localPort)).toBe("EHOSTUNREACH");
    await publish(A, READY);
    await change(slice, STARTING);
    await sleep(3_500);
    expect(await dial(address, 80, localPort)).toBe(A);
  });

  it("refuses when the Service is not there, has no endpoint, or none that is ready", async () => {
    await start();
    expect(await dial(`${PREFIX}.250.99`, 80)).toBe("ECONNREFUSED");
    const address = await createService();
    expect(await dial(address, 80)).toBe("ECONNREFUSED");
    const slice = await publish(A, READY);
    await answersBecome([A], address);
    await change(slice, STARTING);
    await answersBecome(["ECONNREFUSED"], address);
  });

  it("lets the pod's own refusal through", async () => {
    await start();
    const address = await createService();
    await publish(A, READY);
    await answersBecome([A], address);
    const other = await publish(B, READY, 9);
    await answersBecome([A, "ECONNREFUSED"], address);
    await change(other, STARTING);
    await answersBecome([A], address);
  });

  it("leaves an established connection with its pod, whatever becomes of the endpoint and the Service", async () => {
    await start();
    const address = await createService();
    const slice = await publish(A, READY);
    await answersBecome([A], address);
    const kept = await Client.connect(address, 80);
    owned.push(() => kept.close());
    expect(await kept.ask()).toBe(A);
    await publish(B, READY);
    await change(slice, LEAVING);
    await answersBecome([B], address);
    expect(await kept.ask()).toBe(A);
    await server.client.delete(ENDPOINT_SLICES, slice.metadata.name, { namespace: "default" });
    await server.client.delete(SERVICES, "web", { namespace: "default" });
    await answersBecome(["ECONNREFUSED"], address);
    expect(await kept.ask()).toBe(A);
  });

  it("uses pods that are leaving as long as none is ready", async () => {
    await start();
    const address = await createService();
    await publish(A, LEAVING);
    await answersBecome([A], address);
    await publish(B, READY);
    await answersBecome([B], address);
  });

  it("follows a change of the endpoints after the delay, and not before", async () => {
    await start(400);
    const address = await createService();
    const slice = await publish(A, READY);
    await answersBecome([A], address);
    const changedAtMs = performance.now();
    await change(slice, STARTING);
    let answer = await dial(address, 80);
    while (answer === A) answer = await dial(address, 80);
    expect(answer).toBe("ECONNREFUSED");
    expect(performance.now() - changedAtMs).toBeGreaterThanOrEqual(395);
  });

  it("serves a node port on every node, and with the Local policy only by the node's own pods", async () => {
    await start();
    const ports = [{ port: 80, targetPort: 8080, nodePort: 30_080 }];
    await createService({ type: "NodePort", ports });
    await publish(A, READY);
    await answersBecome([A], NODE_2, 30_080);
    const service = await server.client.get<Service>(SERVICES, "web", "default");
    if (service === undefined) throw new Error("the Service is gone");
    const local = {
      ...service,
      spec: { ...service.spec, externalTrafficPolicy: "Local" as const },
    };
    await server.client.update<Service>(SERVICES, local);
    // A packet that may not go to another node is lost, not refused.
    await expect.poll(() => dial(NODE_2, 30_080), { timeout: 20_000 }).toBe("ABORT_ERR");
    expect(await dial(NODE_1, 30_080)).toBe(A);
  });

  it("keeps a pod's connections on its node with the internal Local policy", async () => {
    await start();
    const address = await createService({ internalTrafficPolicy: "Local" });
    await publish(B, READY);
    await publish(C, READY);
    await answersBecome([B, C], address);
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(await dialFrom(A, address, 80)).toBe(B);
    }
  });

  it("keeps a client with its pod while the pod may get connections, if the Service asks for it", async () => {
    await start();
    const address = await createService({ sessionAffinity: "ClientIP" });
    const slices = new Map<string, EndpointSlice>();
    for (const pod of [A, B]) slices.set(pod, await publish(pod, READY));
    await expect.poll(() => dial(address, 80)).toMatch(/^\d/);
    const first = await dial(address, 80);
    const [slice, other] = [slices.get(first), first === A ? B : A];
    for (let attempt = 0; attempt < 10; attempt += 1) expect(await dial(address, 80)).toBe(first);
    await publish(C, READY);
    for (let attempt = 0; attempt < 10; attempt += 1) expect(await dial(address, 80)).toBe(first);
    if (slice === undefined) throw new Error(`an answer came from ${first}`);
    await change(slice, LEAVING);
    await expect.poll(() => dial(address, 80)).not.toBe(first);
    const second = await dial(address, 80);
    expect([other, C]).toContain(second);
    for (let attempt = 0; attempt < 10; attempt += 1) expect(await dial(address, 80)).toBe(second);
  });

  it("lets a pod reach itself through its Service", async () => {
    await start();
    const address = await createService();
    await publish(A, READY);
    await answersBecome([A], address);
    expect(await dialFrom(A, address, 80)).toBe(A);
  });

  it("tells a kept connection at once that its program was killed", async () => {
    await start();
    const ending = `${PREFIX}.2.9`;
    const stop = await startPod(ending);
    const address = await createService();
    await publish(ending, READY);
    await answersBecome([ending], address);
    const socket = connect({ host: address, port: 80 });
    socket.write("?"); // a connection that the program has not taken yet would be reset
    await once(socket, "data");
    const ended = new Promise((resolve) => {
      socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code));
      socket.once("end", () => resolve("FIN"));
    });
    socket.resume();
    await stop();
    expect(await ended).toBe("FIN");
    socket.destroy();
  });

  it("leads a client port that a pod had reset to a pod that is there, once that one has gone", async () => {
    await start();
    const ending = `${PREFIX}.2.10`;
    await testNetns.createPod(ending);
    // What it has not read when it ends makes its kernel send a reset, and the port is free again at once.
    const deaf = `require("node:net").createServer({ pauseOnConnect: true })
      .listen(8080, "0.0.0.0", () => console.log("ready"));`;
    const program = inPod(ending, deaf);
    owned.push(() => void program.kill("SIGKILL"));
    if (program.stdout) await once(program.stdout, "data");
    const address = await createService();
    const slice = await publish(ending, READY);
    await expect.poll(() => connects(address)).toBe(true);
    const socket = connect({ host: address, port: 80 });
    await once(socket, "connect");
    const { localPort } = socket;
    socket.write("?");
    const [exited, reset] = [once(program, "exit"), once(socket, "error")];
    program.kill("SIGKILL");
    expect((await reset)[0]).toMatchObject({ code: "ECONNRESET" });
    await exited;
    await testNetns.removePod(ending);
    await change(slice, STARTING);
    await publish(B, READY);
    await answersBecome([B], address);
    expect(await dial(address, 80, localPort)).toBe(B);
  });
});

async function connects(host: string): Promise<boolean> {
  const client = await Client.connect(host, 80).catch(() => undefined);
  client?.close();
  return client !== undefined;
}

function nodeOf(address: string): string {
  return `node-${address.split(".")[2]}`;
}
