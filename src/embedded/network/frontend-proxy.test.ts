import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ConnectionLog, type LedConnection } from "./connection-log.ts";
import type { Backend } from "./endpoint-choice.ts";
import { FrontendProxy } from "./frontend-proxy.ts";
import type { Frontend } from "./service-frontends.ts";

const FRONT = { address: "127.77.0.1", port: 28_080 };

describe("FrontendProxy", () => {
  const owned: { stop(): Promise<void> }[] = [];

  afterEach(async () => {
    for (const one of owned.splice(0)) await one.stop();
  });

  /** A backend that says its name to every connection and keeps it open. */
  const startBackend = async (name: string): Promise<Backend & { readonly server: Server }> => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("data", (data) => socket.write(`${name} got ${data}`));
      socket.write(name);
    });
    server.listen(0, "127.77.1.1");
    await once(server, "listening");
    owned.push({
      stop: async () => {
        for (const socket of sockets) socket.destroy();
        server.close();
      },
    });
    const { address, port } = server.address() as { address: string; port: number };
    return { address, port, ready: true, serving: true, terminating: false, server };
  };

  const aFrontend = (eligible: readonly Backend[], over: Partial<Frontend> = {}): Frontend => ({
    key: "front",
    portName: "http",
    servicePort: "default/web:http",
    whenNobody: "refuse",
    ...FRONT,
    eligible,
    ...over,
  });

  const startProxy = async (
    frontend: Frontend,
    failures: Error[] = [],
    log = new ConnectionLog(),
  ) => {
    const proxy = new FrontendProxy(frontend, { onFailure: (error) => failures.push(error), log });
    owned.unshift(proxy);
    await proxy.settled();
    return proxy;
  };

  /** What a client hears first: a backend's name, or the code of the error. */
  const dial = async (): Promise<{ socket: Socket; heard: string }> => {
    const socket = connect({ host: FRONT.address, port: FRONT.port });
    owned.push({ stop: async () => void socket.destroy() });
    const heard = await new Promise<string>((resolve) => {
      socket.once("data", (data) => resolve(data.toString()));
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
      socket.once("end", () => resolve("FIN"));
    });
    return { socket, heard };
  };

  it("refuses connections while there is nobody to answer", async () => {
    const proxy = await startProxy(aFrontend([]));
    expect((await dial()).heard).toBe("ECONNREFUSED");
    proxy.update(aFrontend([await startBackend("a")]));
    await proxy.settled();
    expect((await dial()).heard).toBe("a");
    proxy.update(aFrontend([]));
    await proxy.settled();
    expect((await dial()).heard).toBe("ECONNREFUSED");
  });

  it("resets the client of a backend that refuses", async () => {
    const dead = await startBackend("dead");
    dead.server.close();
    await startProxy(aFrontend([dead]));
    expect((await dial()).heard).toBe("ECONNRESET");
  });

  it("tells to whom it led a connection, and that nobody took it there", async () => {
    const [a, dead] = [await startBackend("a"), await startBackend("dead")];
    dead.server.close();
    const told: LedConnection[] = [];
    const log = new ConnectionLog();
    log.follow({ connection: (led) => told.push(led), ended: () => undefined });
    const proxy = await startProxy(aFrontend([a]), [], log);
    const { socket } = await dial();
    const to = `${FRONT.address}:${FRONT.port}`;
    const client = `${socket.localAddress}:${socket.localPort}`;
    expect(told).toEqual([{ client, to, backend: `${a.address}:${a.port}` }]);
    proxy.update(aFrontend([dead]));
    await dial();
    const refused = { to, backend: `${dead.address}:${dead.port}`, refused: true };
    expect(told.slice(1)).toMatchObject([{ to, backend: refused.backend }, refused]);
  });

  it("keeps an established connection when its backend, and then the Service, goes", async () => {
    const [a, b] = [await startBackend("a"), await startBackend("b")];
    const proxy = await startProxy(aFrontend([a]));
    const { socket, heard } = await dial();
    expect(heard).toBe("a");
    proxy.update(aFrontend([b]));
    expect((await dial()).heard).toBe("b");
    let drained = false;
    proxy.retire(() => {
      drained = true;
    });
    await proxy.settled();
    expect((await dial()).heard).toBe("ECONNREFUSED");
    socket.write("ping");
    expect((await once(socket, "data")).toString()).toBe("a got ping");
    expect(drained).toBe(false);
  });

  it("tells when the last connection of a retired frontend has ended", async () => {
    const proxy = await startProxy(aFrontend([await startBackend("a")]));
    const { socket } = await dial();
    const drained = new Promise<void>((resolve) => {
      proxy.retire(resolve);
    });
    socket.end();
    await drained;
  });

  it("spreads new connections over all backends", async () => {
    await startProxy(aFrontend([await startBackend("a"), await startBackend("b")]));
    const heard = await Promise.all(Array.from({ length: 40 }, () => dial()));
    expect(new Set(heard.map((one) => one.heard))).toEqual(new Set(["a", "b"]));
  });

  it("sends a client to the same backend again when the Service asks for it", async () => {
    const backends = [await startBackend("a"), await startBackend("b")];
    await startProxy(aFrontend(backends, { affinityTimeoutMs: 60_000 }));
    const heard = await Promise.all(Array.from({ length: 20 }, () => dial()));
    expect(new Set(heard.map((one) => one.heard)).size).toBe(1);
  });

  it("reports a port that is taken, and takes it when it is free", async () => {
    const squatter = createServer();
    squatter.listen(FRONT.port, FRONT.address);
    await once(squatter, "listening");
    const failures: NodeJS.ErrnoException[] = [];
    const backend = await startBackend("a");
    const proxy = await startProxy(aFrontend([backend]), failures);
    expect(failures.map(({ code }) => code)).toEqual(["EADDRINUSE"]);
    squatter.close();
    await once(squatter, "close");
    proxy.update(aFrontend([backend]));
    await proxy.settled();
    expect((await dial()).heard).toBe("a");
  });

  it("closes its port when it is closed while it still opens", async () => {
    const proxy = new FrontendProxy(aFrontend([await startBackend("a")]), {
      onFailure: () => undefined,
    });
    owned.unshift(proxy);
    proxy.update(aFrontend([]));
    await proxy.settled();
    expect((await dial()).heard).toBe("ECONNREFUSED");
  });
});
