import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { runInContainer } from "./run-in-container.ts";

const { signal } = new AbortController();
const ERRORS = 3;

describe("runInContainer", () => {
  const ending: (() => void)[] = [];
  afterEach(() => {
    for (const end of ending.splice(0)) end();
  });

  /** A kubelet's end of an exec, which does what the test says once it has started. */
  async function answering(act: (socket: WebSocket) => void) {
    const http = createHttpServer((_, response) => response.writeHead(403).end());
    const sockets = new WebSocketServer({
      server: http,
      handleProtocols: () => "v5.channel.k8s.io",
    });
    sockets.on("connection", act);
    return await askOf(http);
  }

  async function askOf(server: Server) {
    const port = await portOf(server);
    ending.push(() => server.close());
    return await askAt(`http://127.0.0.1:${port}`);
  }

  async function portOf(server: Server) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port; // it listens on TCP
  }

  async function askAt(url: string) {
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: "c", server: url, skipTLSVerify: true }, { name: "u" });
    const target = { namespace: "shop", pod: "web-1", container: "app" };
    return await runInContainer(config, { ...target, command: ["kill", "1"] }, signal);
  }

  const status = (fields: object) => (socket: WebSocket) => {
    socket.send(Buffer.concat([Buffer.from([ERRORS]), Buffer.from(JSON.stringify(fields))]));
    socket.close();
  };

  it("tells a program's end from one that was never started", async () => {
    expect(await answering(status({ status: "Success" }))).toMatchObject({ exitCode: 0 });
    const causes = [{ reason: "ExitCode", message: "137" }];
    expect(await answering(status({ status: "Failure", details: { causes } }))).toMatchObject({
      type: "ended",
      exitCode: 137,
    });
    const message = 'exec: "kill": executable file not found in $PATH';
    expect(await answering(status({ status: "Failure", message }))).toMatchObject({
      type: "not-run",
    });
  });

  it("says that the answer was lost when the program may have run", async () => {
    expect(await answering((socket) => socket.terminate())).toMatchObject({ type: "lost" });
    const message = "error executing command in container: context canceled";
    expect(await answering(status({ status: "Failure", message }))).toMatchObject({
      type: "lost",
    });
    const late = 'failed to delete exec "3f": process not found';
    expect(await answering(status({ status: "Failure", message: late }))).toMatchObject({
      type: "lost",
    });
    const silent = createServer((socket) => socket.once("data", () => socket.destroy()));
    expect(await askOf(silent)).toMatchObject({ type: "lost" });
  });

  it("knows that a server which refuses the connection has started nothing", async () => {
    const refusing = createHttpServer();
    refusing.on("upgrade", (_, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
    expect(await askOf(refusing)).toMatchObject({ type: "not-run" });
  });

  it("knows that a server which was not reached has started nothing", async () => {
    const gone = createServer();
    const port = await portOf(gone);
    await new Promise((resolve) => gone.close(resolve));
    // Two addresses of one name fail together, with an error around both.
    for (const host of ["127.0.0.1", "localhost", "nowhere.invalid"]) {
      expect(await askAt(`http://${host}:${port}`)).toMatchObject({ type: "not-run" });
    }
  });
});
