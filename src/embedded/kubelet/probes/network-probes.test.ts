import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probeGrpc } from "./grpc-probe.ts";
import { probeHttp } from "./http-probe.ts";
import { probeTcp } from "./tcp-probe.ts";

const host = "127.0.0.1";
const signal = new AbortController().signal;

async function portOf(server: { address(): unknown }): Promise<number> {
  return (server.address() as AddressInfo).port;
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, host);
  await once(server, "listening");
  const port = await portOf(server);
  server.close();
  await once(server, "close");
  return port;
}

describe("probeHttp", () => {
  let server: Server;
  let base: string;
  const seen: (string | undefined)[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request.headers["user-agent"], request.headers.connection);
      if (request.url === "/ok") response.end("fine");
      if (request.url === "/unavailable") response.writeHead(503).end();
      if (request.url === "/here") response.writeHead(302, { location: "/ok" }).end();
      if (request.url === "/away")
        response.writeHead(302, { location: "http://example.invalid/" }).end("x");
      if (request.url === "/loop") response.writeHead(302, { location: "/loop" }).end();
      if (request.url === "/reset") request.socket.resetAndDestroy();
      if (request.url === "/eof") request.socket.end();
    });
    server.listen(0, host);
    await once(server, "listening");
    base = `http://${host}:${await portOf(server)}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  const probe = (path: string, timeoutMs = 2_000) =>
    probeHttp(new URL(`${base}${path}`), { "User-Agent": "kube-probe/1.36" }, timeoutMs, signal);
  const failure = (message: string) => ({ type: "failure", message });

  it("takes 200 to 399 as success, each time on a connection of its own", async () => {
    expect(await probe("/ok")).toEqual({ type: "success" });
    expect(seen).toEqual(["kube-probe/1.36", "close"]);
  });

  it("fails by status, in Kubernetes' words", async () => {
    expect(await probe("/unavailable")).toEqual(failure("HTTP probe failed with statuscode: 503"));
  });

  it("follows redirects on the same host, warns of others, and ends loops", async () => {
    expect(await probe("/here")).toEqual({ type: "success" });
    expect(await probe("/away")).toEqual({
      type: "warning",
      message: "Probe terminated redirects, Response body: x",
    });
    expect(await probe("/loop")).toEqual(failure(`Get "${base}/loop": stopped after 10 redirects`));
  });

  it("fails by time, by refusal, by reset and by an early end, in Go's words", async () => {
    expect(await probe("/silence", 100)).toEqual(
      failure(
        `Get "${base}/silence": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
      ),
    );
    expect(await probe("/eof")).toEqual(failure(`Get "${base}/eof": EOF`));
    const reset = await probe("/reset");
    expect(reset).toMatchObject({ message: expect.stringContaining("connection reset by peer") });
    const port = await freePort();
    const url = new URL(`http://${host}:${port}/`);
    expect(await probeHttp(url, {}, 1_000, signal)).toEqual(
      failure(`Get "${url}": dial tcp ${host}:${port}: connect: connection refused`),
    );
  });

  it("says so when plain HTTP answers where TLS was expected", async () => {
    const url = new URL(base.replace("http", "https"));
    expect(await probeHttp(url, {}, 1_000, signal)).toEqual(
      failure(`Get "${url}": http: server gave HTTP response to HTTPS client`),
    );
  });
});

describe("probeTcp", () => {
  it("succeeds when the connection is accepted, and names a refusal", async () => {
    const server = createTcpServer((socket) => socket.destroy()).listen(0, host);
    await once(server, "listening");
    const port = await portOf(server);
    expect(await probeTcp({ host, port }, 1_000, signal)).toEqual({ type: "success" });
    server.close();
    await once(server, "close");
    expect(await probeTcp({ host, port }, 1_000, signal)).toEqual({
      type: "failure",
      message: `dial tcp ${host}:${port}: connect: connection refused`,
    });
  });
});

describe("probeGrpc", () => {
  it("asks the health service and accepts nothing but SERVING", async () => {
    const states: Record<string, number> = { "": 1, cache: 2 };
    const server = createHttp2Server();
    server.on("stream", (stream, headers) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const state = states[Buffer.concat(chunks).subarray(7).toString()];
        stream.respond(
          { ":status": 200, "content-type": "application/grpc" },
          { waitForTrailers: true },
        );
        const known = headers[":path"] === "/grpc.health.v1.Health/Check" && state !== undefined;
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": known ? "0" : "5" }));
        stream.end(known ? Buffer.from([0, 0, 0, 0, 2, 8, state]) : undefined);
      });
    });
    server.listen(0, host);
    await once(server, "listening");
    const port = await portOf(server);
    const probe = (service: string) => probeGrpc({ host, port }, service, 1_000, signal);
    expect(await probe("")).toEqual({ type: "success" });
    expect(await probe("cache")).toEqual({
      type: "failure",
      message: 'service unhealthy (responded with "NOT_SERVING")',
    });
    expect(await probe("none")).toMatchObject({ type: "failure" });
    server.close();
    await once(server, "close");
    expect(await probe("")).toMatchObject({
      message: expect.stringContaining(`failed to connect service "${host}:${port}" within 1s`),
    });
  });
});
