import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Cluster } from "#ports/cluster.ts";
import { connectCluster } from "./kubernetes-cluster.ts";
import { answerJson, refuse, ScriptedApi } from "./testing/scripted-api.ts";

const { signal } = new AbortController();

describe("locateService", () => {
  let server: ScriptedApi;
  const SERVICE = { namespace: "shop", name: "web" };
  let cluster: Cluster;
  const listener = createServer((socket) => socket.destroy());
  let open: number;

  beforeEach(async () => {
    server = new ScriptedApi();
    await server.listen();
    server.on("GET /version", (_, response) => answerJson(response, { gitVersion: "v1.36.2" }));
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    open = (listener.address() as { port: number }).port; // a TCP address
    cluster = await connectCluster({ kubeconfig: server.kubeconfig, description: "ci" });
    server.on("GET /api/v1/nodes", (_, response) =>
      answerJson(response, {
        items: [{ status: { addresses: [{ type: "InternalIP", address: "127.0.0.1" }] } }],
      }),
    );
  });

  afterEach(async () => {
    await cluster.stop();
    await server.close();
    listener.close();
    await once(listener, "close");
  });

  function serve(spec: object, ingress: readonly object[] = []): void {
    server.on("GET /api/v1/namespaces/shop/services/web", (_, response) =>
      answerJson(response, { spec, status: { loadBalancer: { ingress } } }),
    );
  }

  it("prefers a load balancer", async () => {
    serve({ clusterIP: "127.0.0.1", ports: [{ port: open }] }, [{ hostname: "localhost" }]);
    expect(await cluster.locateService(SERVICE, signal)).toBe(`http://localhost:${open}`);
  });

  it("takes the NodePort when the load balancer does not answer", async () => {
    serve({ clusterIP: "127.0.0.1", ports: [{ port: 1, nodePort: open }] }, [{ ip: "127.0.0.1" }]);
    expect(await cluster.locateService(SERVICE, signal)).toBe(`http://127.0.0.1:${open}`);
  });

  it("takes the cluster IP last, also where nodes may not be listed", async () => {
    server.on("GET /api/v1/nodes", (_, response) => refuse(response, 403, "Forbidden", "no"));
    serve({ clusterIP: "127.0.0.1", ports: [{ port: open, nodePort: 1 }] });
    expect(await cluster.locateService(SERVICE, signal)).toBe(`http://127.0.0.1:${open}`);
  });

  it("lists all that was tried, and why there is no port-forward", async () => {
    serve({ type: "NodePort", clusterIP: "127.0.0.2", ports: [{ port: 1, nodePort: 2 }] });
    await expect(cluster.locateService(SERVICE, signal)).rejects.toMatchObject({
      code: "SERVICE_UNREACHABLE",
      message:
        "Could not reach Service shop/web (type NodePort) from here; tried: NodePort 127.0.0.1:2 (ECONNREFUSED), ClusterIP 127.0.0.2:1 (ECONNREFUSED).",
      hint: expect.stringMatching(/`url:`.*port-forward/),
    });
  });

  it("goes to the port that was asked for", async () => {
    const ports = [
      { port: 1, name: "admin" },
      { port: open, name: "http" },
    ];
    serve({ clusterIP: "127.0.0.1", ports });
    expect(await cluster.locateService({ ...SERVICE, port: open }, signal)).toBe(
      `http://127.0.0.1:${open}`,
    );
  });

  it("does not guess among several ports", async () => {
    serve({ clusterIP: "127.0.0.1", ports: [{ port: 80, name: "http" }, { port: 9090 }] });
    await expect(cluster.locateService(SERVICE, signal)).rejects.toMatchObject({
      code: "SERVICE_PORT_UNKNOWN",
      hint: expect.stringContaining("80 (http), 9090"),
    });
  });

  it("says that there is no such Service", async () => {
    await expect(cluster.locateService(SERVICE, signal)).rejects.toMatchObject({
      code: "SERVICE_NOT_FOUND",
    });
  });
});
