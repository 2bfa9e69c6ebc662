import { once } from "node:events";
import { createServer, type Server } from "node:net";
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
  const others: Server[] = [];
  let told: string[];
  let open: number;

  beforeEach(async () => {
    server = new ScriptedApi();
    await server.listen();
    server.on("GET /version", (_, response) => answerJson(response, { gitVersion: "v1.36.2" }));
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    open = (listener.address() as { port: number }).port; // a TCP address
    told = [];
    const tell = (line: string) => told.push(line);
    cluster = await connectCluster({ kubeconfig: server.kubeconfig, description: "ci", tell });
    serveNodes([{ internal: "127.0.0.1" }]);
  });

  afterEach(async () => {
    await cluster.stop();
    await server.close();
    for (const one of [listener, ...others.splice(0)]) {
      one.close();
      await once(one, "close");
    }
  });

  async function alsoListenOn(host: string): Promise<void> {
    const other = createServer((socket) => socket.destroy());
    others.push(other);
    other.listen(open, host);
    await once(other, "listening");
  }

  function serveNodes(
    nodes: readonly { internal: string; ready?: string; providerID?: string }[],
  ): void {
    const items = nodes.map(({ internal, ready = "True", providerID }) => ({
      metadata: { name: internal },
      spec: { ...(providerID !== undefined && { providerID }) },
      status: {
        addresses: [{ type: "InternalIP", address: internal }],
        conditions: [{ type: "Ready", status: ready }],
      },
    }));
    server.on("GET /api/v1/nodes", (_, response) => answerJson(response, { items }));
  }

  function serve(spec: object, ingress: readonly object[] = []): void {
    server.on("GET /api/v1/namespaces/shop/services/web", (_, response) =>
      answerJson(response, {
        metadata: { namespace: "shop", name: "web" },
        spec,
        status: { loadBalancer: { ingress } },
      }),
    );
  }

  it("is the cluster IP for whoever asks from inside, whatever there is outside", async () => {
    serve({ clusterIP: "10.96.0.7", ports: [{ port: 443 }] }, [{ hostname: "localhost" }]);
    expect(await cluster.locateService({ ...SERVICE, from: "inside" }, signal)).toEqual({
      url: "https://10.96.0.7:443",
      hosts: ["10.96.0.7"],
      via: "ClusterIP, from inside the cluster",
    });
    serve({ clusterIP: "None", ports: [{ port: 80 }] });
    await expect(
      cluster.locateService({ ...SERVICE, from: "inside" }, signal),
    ).rejects.toMatchObject({ code: "SERVICE_UNREACHABLE" });
  });

  it("prefers a load balancer", async () => {
    serve({ clusterIP: "127.0.0.1", ports: [{ port: open }] }, [{ hostname: "localhost" }]);
    expect(await cluster.locateService(SERVICE, signal)).toEqual({
      url: `http://localhost:${open}`,
      hosts: ["localhost"],
      via: "load balancer",
    });
  });

  it("takes the NodePort when the load balancer does not answer", async () => {
    serve({ clusterIP: "127.0.0.1", ports: [{ port: 1, nodePort: open }] }, [{ ip: "127.0.0.1" }]);
    expect(await cluster.locateService(SERVICE, signal)).toMatchObject({
      url: `http://127.0.0.1:${open}`,
    });
  });

  it("takes the cluster IP last, also where nodes may not be listed", async () => {
    server.on("GET /api/v1/nodes", (_, response) => refuse(response, 403, "Forbidden", "no"));
    serve({ clusterIP: "127.0.0.1", ports: [{ port: open, nodePort: 1 }] });
    expect(await cluster.locateService(SERVICE, signal)).toMatchObject({
      url: `http://127.0.0.1:${open}`,
    });
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

  it("never tries a cluster IP that means another machine here", async () => {
    serve({ clusterIP: "10.96.0.9", ports: [{ port: 80 }] });
    await expect(cluster.locateService(SERVICE, signal)).rejects.toMatchObject({
      message: expect.stringContaining("tried: it has no address that means anything here"),
    });
  });

  it("enters through every node that answers, since each has a data path of its own", async () => {
    await alsoListenOn("127.0.0.2");
    serveNodes([{ internal: "127.0.0.1" }, { internal: "127.0.0.2" }]);
    serve({ type: "NodePort", ports: [{ port: 80, nodePort: open }] });
    expect(await cluster.locateService(SERVICE, signal)).toEqual({
      url: `http://127.0.0.1:${open}`,
      hosts: ["127.0.0.1", "127.0.0.2"],
      via: "NodePort on 2 nodes",
    });
  });

  it("leaves out a node that is not Ready", async () => {
    await alsoListenOn("127.0.0.2");
    serveNodes([{ internal: "127.0.0.1" }, { internal: "127.0.0.2", ready: "False" }]);
    serve({ type: "NodePort", ports: [{ port: 80, nodePort: open }] });
    const { hosts } = await cluster.locateService(SERVICE, signal);
    expect(hosts).toEqual(["127.0.0.1"]);
  });

  it("takes the nodes of the Service's pods where nodes may not be listed", async () => {
    server.on("GET /api/v1/nodes", (_, response) => refuse(response, 403, "Forbidden", "no"));
    server.on("GET /api/v1/namespaces/shop/pods", ({ query }, response) =>
      answerJson(response, {
        items: query["labelSelector"] === "app=web" ? [{ status: { hostIP: "127.0.0.1" } }] : [],
      }),
    );
    serve({ selector: { app: "web" }, ports: [{ port: 80, nodePort: open }] });
    const found = await cluster.locateService(SERVICE, signal);
    expect(found).toMatchObject({ url: `http://127.0.0.1:${open}`, via: "NodePort" });
  });

  it.each([{ name: "https" }, { name: "https-web" }, { name: "web", appProtocol: "https" }])(
    "speaks TLS to a port that is %o",
    async (told) => {
      serve({ clusterIP: "127.0.0.1", ports: [{ port: open, ...told }] });
      const { url } = await cluster.locateService(SERVICE, signal);
      expect(url).toBe(`https://127.0.0.1:${open}`);
    },
  );

  it("waits for a load balancer that has no address yet, and says so", async () => {
    let asked = 0;
    server.on("GET /api/v1/namespaces/shop/services/web", (_, response) => {
      asked += 1;
      const ingress = asked < 2 ? [] : [{ ip: "127.0.0.1" }];
      const spec = { type: "LoadBalancer", ports: [{ port: open }] };
      answerJson(response, { spec, status: { loadBalancer: { ingress } } });
    });
    const found = await cluster.locateService(SERVICE, signal);
    expect(found).toMatchObject({ url: `http://127.0.0.1:${open}`, via: "load balancer" });
    expect(told).toEqual([expect.stringMatching(/^Waiting for the load balancer of Service shop/)]);
  });

  describe("on kind's nodes", () => {
    const SERVICES = "/api/v1/namespaces/shop/services";
    const beside = `${SERVICES}/web-lastcall`;

    function serveKind(spec: object): void {
      serveNodes([{ internal: "127.0.0.1", providerID: "kind://docker/ci/ci-worker" }]);
      serve({ selector: { app: "web" }, ...spec });
      server.on(`POST ${SERVICES}`, ({ body }, response) =>
        answerJson(response, { ...(body as object), spec: { ports: [{ nodePort: open }] } }, 201),
      );
      server.on(`DELETE ${beside}`, (_, response) => answerJson(response, { kind: "Status" }));
    }

    it("puts a NodePort beside a Service that has none, and removes it in the end", async () => {
      serveKind({ clusterIP: "10.96.0.9", ports: [{ port: 80, targetPort: "http", name: "web" }] });
      expect(await cluster.locateService(SERVICE, signal)).toEqual({
        url: `http://127.0.0.1:${open}`,
        hosts: ["127.0.0.1"],
        via: "NodePort of web-lastcall",
      });
      const made = server.requests.find(({ method }) => method === "POST")?.body;
      expect(made).toMatchObject({
        metadata: { name: "web-lastcall", labels: { "app.kubernetes.io/managed-by": "lastcall" } },
        spec: {
          type: "NodePort",
          selector: { app: "web" },
          ports: [{ port: 80, targetPort: "http", name: "web" }],
        },
      });
      expect(server.requests.some(({ method }) => method === "DELETE")).toBe(false);
      await cluster.stop();
      expect(server.requests.at(-1)).toMatchObject({ method: "DELETE", path: beside });
    });

    it("does so too where a NodePort would drop what comes to a node without a pod", async () => {
      serveKind({ externalTrafficPolicy: "Local", ports: [{ port: 80, nodePort: open }] });
      const { via } = await cluster.locateService(SERVICE, signal);
      expect(via).toBe("NodePort of web-lastcall");
    });

    it("replaces one that a killed run has left", async () => {
      serveKind({ ports: [{ port: 80 }] });
      let left = true;
      server.on(`POST ${SERVICES}`, ({ body }, response) => {
        if (left) refuse(response, 409, "AlreadyExists", "it exists");
        else answerJson(response, { ...(body as object), spec: { ports: [{ nodePort: open }] } });
      });
      server.on(`DELETE ${beside}`, (_, response) => {
        left = false;
        answerJson(response, { kind: "Status" });
      });
      const { via } = await cluster.locateService(SERVICE, signal);
      expect(via).toBe("NodePort of web-lastcall");
    });

    it("tells what it could not take away", async () => {
      serveKind({ ports: [{ port: 80 }] });
      await cluster.locateService(SERVICE, signal);
      server.on(`DELETE ${beside}`, (_, response) => refuse(response, 403, "Forbidden", "no"));
      await cluster.stop();
      expect(told.at(-1)).toMatch(/Could not remove Service shop\/web-lastcall/);
    });
  });

  it("puts a NodePort beside a Service whose cluster IP this machine has and may not listen on", async () => {
    const SERVICES = "/api/v1/namespaces/shop/services";
    serve({ selector: { app: "web" }, clusterIP: "127.0.0.2", ports: [{ port: 1 }] });
    server.on(`POST ${SERVICES}`, ({ body }, response) =>
      answerJson(response, { ...(body as object), spec: { ports: [{ nodePort: open }] } }, 201),
    );
    server.on(`DELETE ${SERVICES}/web-lastcall`, (_, response) => answerJson(response, {}));
    expect(await cluster.locateService(SERVICE, signal)).toMatchObject({
      url: `http://127.0.0.1:${open}`,
      via: "NodePort of web-lastcall",
    });
    expect(told.at(-1)).toMatch(/^Service web cannot be reached as it is, so web-lastcall/);
  });

  it("goes to the port that was asked for", async () => {
    const ports = [
      { port: 1, name: "admin" },
      { port: open, name: "http" },
    ];
    serve({ clusterIP: "127.0.0.1", ports });
    expect(await cluster.locateService({ ...SERVICE, port: open }, signal)).toMatchObject({
      url: `http://127.0.0.1:${open}`,
    });
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
