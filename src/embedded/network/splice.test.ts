import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { splice } from "./splice.ts";

const HOST = "127.0.0.1";

/** A client, the two sockets in the middle, and a backend: `client ═ front ═ back ═ backend`. */
interface Line {
  readonly client: Socket;
  readonly backend: Socket;
}

describe("splice", () => {
  const owned: (Socket | Server)[] = [];
  let line: Line;

  const own = <T extends Socket | Server>(one: T): T => {
    owned.push(one);
    return one;
  };

  /** A connection's two ends, the one that dialled first. */
  const pair = async (options: { readonly pauseOnConnect: boolean }): Promise<[Socket, Socket]> => {
    const server = own(createServer({ allowHalfOpen: true, ...options }));
    server.listen(0, HOST);
    await once(server, "listening");
    const accepted = once(server, "connection");
    const { port } = server.address() as { port: number };
    const dialled = own(connect({ port, host: HOST, allowHalfOpen: true }));
    const [socket] = (await accepted) as [Socket];
    return [dialled, own(socket)];
  };

  beforeEach(async () => {
    const [client, front] = await pair({ pauseOnConnect: false });
    const [back, backend] = await pair({ pauseOnConnect: true });
    splice(front, back);
    line = { client, backend };
  });

  afterEach(() => {
    for (const one of owned.splice(0)) {
      if ("listening" in one) one.close();
      else one.destroy();
    }
  });

  it("carries bytes both ways, unchanged and in order", async () => {
    const { client, backend } = line;
    backend.pipe(backend).resume();
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    client.end(sent);
    expect(Buffer.compare(await read(client), sent)).toBe(0);
  });

  it("passes a client's FIN on while the backend goes on answering", async () => {
    const { client, backend } = line;
    client.end("request");
    expect((await read(backend)).toString()).toBe("request");
    const answer = read(client);
    backend.write("late ");
    backend.end("answer");
    expect((await answer).toString()).toBe("late answer");
  });

  it("passes the FIN of a client on that left before the backend was reached", async () => {
    const [client, front] = await pair({ pauseOnConnect: false });
    client.end();
    await once(front, "end");
    const [back, backend] = await pair({ pauseOnConnect: true });
    splice(front, back);
    expect(await read(backend)).toEqual(Buffer.alloc(0));
  });

  it("passes a backend's FIN on while the client goes on sending", async () => {
    const { client, backend } = line;
    const request = read(backend);
    backend.end("answer");
    expect((await read(client)).toString()).toBe("answer");
    client.write("still ");
    client.end("sending");
    expect((await request).toString()).toBe("still sending");
  });

  it("passes a backend's reset on as a reset", async () => {
    const { client, backend } = line;
    const failed = failure(client);
    backend.resetAndDestroy();
    expect(await failed).toBe("ECONNRESET");
  });

  it("passes a client's reset on as a reset", async () => {
    const { client, backend } = line;
    const failed = failure(backend);
    client.resetAndDestroy();
    expect(await failed).toBe("ECONNRESET");
  });

  it("delivers what a backend sent before it reset in the middle of its answer", async () => {
    const { client, backend } = line;
    let received = "";
    client.on("data", (chunk) => {
      received += chunk;
    });
    const failed = failure(client);
    backend.write("half of the ans");
    await once(client, "data");
    backend.resetAndDestroy();
    expect(await failed).toBe("ECONNRESET");
    expect(received).toBe("half of the ans");
  });

  it("resets the client of a backend that closes with a request unread", async () => {
    const { client, backend } = line;
    const failed = failure(client);
    client.write("request");
    await settle();
    // Nothing was read, so closing makes the kernel send RST, as it does when a process is killed.
    backend.destroy();
    expect(await failed).toBe("ECONNRESET");
  });

  it("does not read more from a sender than the receiver takes", async () => {
    const { client, backend } = line;
    client.write(Buffer.alloc(64 << 20));
    await settle();
    // What the four kernel buffers on the way do not hold is still with the sender.
    expect(client.writableLength).toBeGreaterThan(32 << 20);
    client.end();
    expect((await read(backend)).length).toBe(64 << 20);
  });

  it("resets a client whose answer was still on its way when the backend reset", async () => {
    const { client, backend } = line;
    // More than the kernel's buffers hold, so that the end of the answer is still on its way.
    backend.end(Buffer.alloc(16 << 20));
    await settle();
    const failed = failure(client);
    backend.resetAndDestroy();
    expect(await failed).toBe("ECONNRESET");
  });
});

async function read(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Time for what is on its way through the kernel to arrive. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

/** The code of the error that ends the socket, or FIN when it ends without one. */
async function failure(socket: Socket): Promise<string | undefined> {
  socket.resume();
  return new Promise((resolve) => {
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.once("end", () => resolve("FIN"));
  });
}
