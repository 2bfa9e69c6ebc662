import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aPod, ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

const PODS = "/api/v1/namespaces/default/pods";
const SERVICES = "/api/v1/namespaces/default/services";

let server: Awaited<ReturnType<typeof startTestServer>>;
let app: Server;
let port: number;
/** A port that nobody listens on. */
let closedPort: number;

beforeAll(async () => {
  server = await startTestServer();
  app = createServer((request, response) => {
    request.setEncoding("utf8");
    let body = "";
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method, url, headers } = request;
      response.writeHead(418, { "x-app": "web" });
      response.end(JSON.stringify({ method, url, body, authorization: headers.authorization }));
    });
  });
  port = await listening(app);
  const closed = createServer();
  closedPort = await listening(closed);
  closed.close();
  await ask(server, PODS, {
    method: "POST",
    body: aPod("web", {
      containers: [{ name: "app", image: "app:1", ports: [{ containerPort: port }] }],
    }),
  });
  const { body: pod } = await ask(server, `${PODS}/web`);
  const status = { ...pod.status, podIP: "127.0.0.1", podIPs: [{ ip: "127.0.0.1" }] };
  await ask(server, `${PODS}/web/status`, { method: "PUT", body: { ...pod, status } });
  await ask(server, SERVICES, {
    method: "POST",
    body: { metadata: { name: "web" }, spec: { ports: [{ name: "http", port: 80 }] } },
  });
  await ask(server, "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", {
    method: "POST",
    body: {
      metadata: { name: "web-1", labels: { "kubernetes.io/service-name": "web" } },
      addressType: "IPv4",
      endpoints: [
        { addresses: ["127.0.0.1"], conditions: { ready: true } },
        { addresses: ["127.9.9.9"], conditions: { ready: false } },
      ],
      ports: [{ name: "http", port, protocol: "TCP" }],
    },
  });
});
afterAll(async () => {
  app.closeAllConnections();
  app.close();
  await server.stop();
});

async function listening(one: Server): Promise<number> {
  one.listen(0, "127.0.0.1");
  await once(one, "listening");
  return (one.address() as AddressInfo).port;
}

describe("the proxy to a pod", () => {
  it("passes method, path, query and body on, and the whole answer back", async () => {
    const path = `${PODS}/web:${port}/proxy/some/path/?a=b`;
    const { code, headers, text } = await ask(server, path, { method: "POST", body: { c: "d" } });
    expect([code, headers["x-app"]]).toEqual([418, "web"]);
    expect(JSON.parse(text)).toEqual({ method: "POST", url: "/some/path/?a=b", body: '{"c":"d"}' });
  });

  it("takes the first port that the pod declares", async () => {
    expect((await ask(server, `${PODS}/web/proxy/`)).code).toBe(418);
  });

  it("sends who asks without a slash to where relative links work", async () => {
    const { code, headers } = await ask(server, `${PODS}/web/proxy?a=b`);
    expect([code, headers["location"]]).toEqual([301, `${PODS}/web/proxy/?a=b`]);
  });

  it("says why nobody answered", async () => {
    const { code, body } = await ask(server, `${PODS}/web:${closedPort}/proxy/`);
    expect([code, body.message]).toEqual([
      503,
      `error trying to reach service: dial tcp 127.0.0.1:${closedPort}: connect: connection refused`,
    ]);
    expect((await ask(server, `${PODS}/nobody/proxy/`)).body.reason).toBe("NotFound");
  });
});

describe("the proxy to a Service", () => {
  it("reaches a ready endpoint by the port's name, its number, or as the only one", async () => {
    for (const name of ["web", "web:http", "web:80", "http:web:80"]) {
      expect([name, (await ask(server, `${SERVICES}/${name}/proxy/`)).code]).toEqual([name, 418]);
    }
  });

  it("refuses a port that it does not have", async () => {
    const { code, body } = await ask(server, `${SERVICES}/web:81/proxy/`);
    expect([code, body.message]).toEqual([503, 'no service port "81" found for service "web"']);
  });
});
