import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aPod, ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

const PODS = "/api/v1/namespaces/default/pods";
const MERGE = { "content-type": "application/merge-patch+json" };
const RUNNING = { running: { startedAt: "2026-01-01T00:00:00Z" } };

let server: Awaited<ReturnType<typeof startTestServer>>;
let kubelet: Server;
const asked: { readonly url: string; readonly authorization: string | undefined }[] = [];
const closed = Promise.withResolvers<void>();

beforeAll(async () => {
  server = await startTestServer({ clusterSecret: "between-us" });
  kubelet = createServer((request, response) => {
    asked.push({ url: request.url ?? "", authorization: request.headers.authorization });
    if (request.url?.includes("/broken/")) {
      response.writeHead(500).end("the log is unreadable");
      return;
    }
    response.write("first line\n");
    if (!request.url?.includes("follow=true")) response.end("last line\n");
    response.on("close", closed.resolve);
  });
  await new Promise<void>((resolve) => kubelet.listen(0, "127.0.0.1", resolve));
  const { port } = kubelet.address() as AddressInfo;
  const node = { metadata: { name: "node-1" } };
  await ask(server, "/api/v1/nodes", { method: "POST", body: node });
  const status = {
    addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  };
  const body = { status };
  await ask(server, "/api/v1/nodes/node-1/status", { method: "PATCH", body, headers: MERGE });
});
afterAll(async () => {
  await server.stop();
  kubelet.closeAllConnections();
  await new Promise((resolve) => kubelet.close(resolve));
});

async function podWith(name: string, state: object, containers = ["app"]) {
  const spec = {
    nodeName: "node-1",
    containers: containers.map((container) => ({ name: container, image: "a" })),
  };
  await ask(server, PODS, { method: "POST", body: aPod(name, spec) });
  const containerStatuses = containers.map((container) => ({
    name: container,
    state,
    lastState: {},
    ready: false,
    restartCount: 0,
    image: "a",
    imageID: "",
  }));
  const body = { status: { phase: "Running", containerStatuses } };
  await ask(server, `${PODS}/${name}/status`, { method: "PATCH", body, headers: MERGE });
}

/** client-node's own Log cannot be aborted without an uncaught error, so this is a bare request. */
async function follow(path: string) {
  const { config, url } = server;
  const sent = request(new URL(path, url), {
    agent: false,
    ca: Buffer.from(config.getCurrentCluster()?.caData ?? "", "base64"),
    headers: { authorization: `Bearer ${config.getCurrentUser()?.token}` },
  });
  sent.end();
  const [answer] = await once(sent, "response");
  const [first] = await once(answer, "data");
  return { first: String(first), leave: () => sent.destroy() };
}

describe("a pod's log", () => {
  it("comes from the kubelet of its node, with the options that concern it", async () => {
    await podWith("logging", RUNNING);
    const core = server.config.makeApiClient(CoreV1Api);
    const text = await core.readNamespacedPodLog({
      namespace: "default",
      name: "logging",
      tailLines: 5,
      timestamps: true,
    });
    expect(text).toBe("first line\nlast line\n");
    const { url = "", authorization } = asked.at(-1) ?? {};
    const { pathname, searchParams } = new URL(url, "http://kubelet");
    expect(pathname).toBe("/containerLogs/default/logging/app");
    expect(Object.fromEntries(searchParams)).toEqual({ tailLines: "5", timestamps: "true" });
    expect(authorization).toBe("Bearer between-us");
  });

  it("can be followed until the client leaves, and the kubelet learns of that", async () => {
    await podWith("followed", RUNNING);
    const following = await follow(`${PODS}/followed/log?follow=true`);
    expect(following.first).toBe("first line\n");
    following.leave();
    await closed.promise;
  });

  it("is refused while the container has not started", async () => {
    await podWith("waiting", { waiting: { reason: "ContainerCreating" } });
    const { code, body } = await ask(server, `${PODS}/waiting/log`);
    expect([code, body.message]).toEqual([
      400,
      'container "app" in pod "waiting" is waiting to start: ContainerCreating',
    ]);
  });

  it("has to say of which container when there are several", async () => {
    await podWith("crowded", RUNNING, ["app", "sidecar"]);
    const { code, body } = await ask(server, `${PODS}/crowded/log`);
    expect([code, body.message]).toEqual([
      400,
      "a container name must be specified for pod crowded, choose one of: [app sidecar]",
    ]);
    expect((await ask(server, `${PODS}/crowded/log?container=sidecar`)).code).toBe(200);
    const unknown = await ask(server, `${PODS}/crowded/log?container=zz`);
    expect(unknown.body.message).toBe("container zz is not valid for pod crowded");
  });

  it("carries the kubelet's refusal", async () => {
    await podWith("broken", RUNNING);
    const { code, body } = await ask(server, `${PODS}/broken/log`);
    expect([code, body.message]).toEqual([500, "the log is unreadable"]);
  });

  it("needs a node", async () => {
    await ask(server, PODS, { method: "POST", body: aPod("homeless") });
    const { body } = await ask(server, `${PODS}/homeless/log`);
    expect(body.message).toBe("pod homeless does not have a host assigned");
  });
});
