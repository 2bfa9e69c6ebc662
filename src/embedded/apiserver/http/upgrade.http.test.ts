import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aPod, ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

const PODS = "/api/v1/namespaces/default/pods";
const MERGE = { "content-type": "application/merge-patch+json" };
const WEB_SOCKET = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-key": "a2V5",
  "sec-websocket-version": "13",
  "sec-websocket-protocol": "v5.channel.k8s.io",
};

let server: Awaited<ReturnType<typeof startTestServer>>;
let kubelet: Server;
const asked: IncomingMessage[] = [];
const left = Promise.withResolvers<void>();

beforeAll(async () => {
  server = await startTestServer({ clusterSecret: "between-us" });
  kubelet = createServer();
  kubelet.on("upgrade", (wanted: IncomingMessage, socket: Duplex) => {
    asked.push(wanted);
    if (wanted.url?.includes("/gone/")) {
      socket.end("HTTP/1.1 404 Refused\r\nContent-Length: 19\r\n\r\ncontainer not found");
      return;
    }
    const protocol = "Sec-WebSocket-Protocol: v5.channel.k8s.io";
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${protocol}\r\n\r\nhello`,
    );
    socket.on("data", (chunk) => socket.write(`you said ${chunk}`));
    socket.on("close", () => left.resolve());
    socket.on("end", () => socket.end());
  });
  await once(kubelet.listen(0, "127.0.0.1"), "listening");
  const { port } = kubelet.address() as AddressInfo;
  await ask(server, "/api/v1/nodes", { method: "POST", body: { metadata: { name: "node-1" } } });
  const addresses = [{ type: "InternalIP", address: "127.0.0.1" }];
  const body = { status: { addresses, daemonEndpoints: { kubeletEndpoint: { Port: port } } } };
  await ask(server, "/api/v1/nodes/node-1/status", { method: "PATCH", body, headers: MERGE });
  for (const name of ["web", "gone"]) {
    const spec = { nodeName: "node-1", containers: [{ name: "app", image: "a" }] };
    await ask(server, PODS, { method: "POST", body: aPod(name, spec) });
  }
});
afterAll(async () => {
  await server.stop();
  kubelet.closeAllConnections();
  await new Promise((resolve) => kubelet.close(resolve));
});

/** Asks to go on as something else, and tells how the server took it. */
async function upgrade(path: string, headers: Readonly<Record<string, string>> = WEB_SOCKET) {
  const { config, url } = server;
  const sent = request(new URL(path, url), {
    agent: false,
    ca: Buffer.from(config.getCurrentCluster()?.caData ?? "", "base64"),
    headers: { authorization: `Bearer ${config.getCurrentUser()?.token}`, ...headers },
  });
  sent.end();
  const upgraded = once(sent, "upgrade").then(([answer, socket, head]) => ({
    answer,
    socket,
    head,
  }));
  const refused = once(sent, "response").then(async ([answer]) => {
    let text = "";
    for await (const chunk of answer) text += chunk;
    return { answer, socket: undefined, head: JSON.parse(text) };
  });
  return Promise.race([upgraded, refused]);
}

describe("exec and port-forward", () => {
  it("joins the client with the kubelet of the pod's node, both ways", async () => {
    const { answer, socket, head } = await upgrade(
      `${PODS}/web/exec?command=ls&command=-l&stdout=true&container=app&pretty=true`,
    );
    expect(answer.headers["sec-websocket-protocol"]).toBe("v5.channel.k8s.io");
    const greeting = head.length > 0 ? head : (await once(socket, "data"))[0];
    expect(String(greeting)).toBe("hello");
    socket.write("ping");
    expect(String((await once(socket, "data"))[0])).toBe("you said ping");
    const wanted = asked.at(-1);
    expect(wanted?.url).toBe("/exec/default/web/app?command=ls&command=-l&stdout=true");
    expect(wanted?.headers.authorization).toBe("Bearer between-us");
    socket.destroy();
    await left.promise;
  });

  it("joins older clients, who speak SPDY, and those who want to reach a port", async () => {
    const spdy = {
      ...{ connection: "Upgrade", upgrade: "SPDY/3.1" },
      "x-stream-protocol-version": "portforward.k8s.io",
    };
    const { socket } = await upgrade(`${PODS}/web/portforward?ports=80`, spdy);
    expect(asked.at(-1)).toMatchObject({
      url: "/portForward/default/web?ports=80",
      headers: { upgrade: "SPDY/3.1", "x-stream-protocol-version": "portforward.k8s.io" },
    });
    socket?.destroy();
  });

  it("passes a reader of a log on to the kubelet", async () => {
    const state = { running: { startedAt: "2026-01-01T00:00:00Z" } };
    const body = { status: { containerStatuses: [{ name: "app", state, lastState: {} }] } };
    await ask(server, `${PODS}/web/status`, { method: "PATCH", body, headers: MERGE });
    const { socket } = await upgrade(`${PODS}/web/log?tailLines=3`);
    expect(asked.at(-1)).toMatchObject({ url: "/containerLogs/default/web/app?tailLines=3" });
    socket?.destroy();
  });

  it("asks who wants an ordinary answer to upgrade", async () => {
    const { code, body } = await ask(server, `${PODS}/web/exec?command=ls`, { method: "POST" });
    expect([code, body.message]).toEqual([400, "Upgrade request required"]);
  });

  it("passes the kubelet's refusal on as a Status", async () => {
    const { answer, head } = await upgrade(`${PODS}/gone/exec?command=ls`);
    expect([answer.statusCode, head.message]).toEqual([404, "container not found"]);
  });

  it.each([
    ["a pod that is not there", `${PODS}/nobody/exec?command=ls`, WEB_SOCKET, 404],
    ["a container that is not there", `${PODS}/web/exec?container=other`, WEB_SOCKET, 400],
    ["any other path", `${PODS}/web/status`, WEB_SOCKET, 404],
    ["another protocol", `${PODS}/web/exec`, { ...WEB_SOCKET, upgrade: "h2c" }, 400],
    ["a stranger", `${PODS}/web/exec`, { ...WEB_SOCKET, authorization: "Bearer guessed" }, 401],
  ])("refuses %s", async (_, path, headers, code) => {
    const { answer, head } = await upgrade(path, headers);
    expect([answer.statusCode, head.kind, head.code]).toEqual([code, "Status", code]);
  });
});
