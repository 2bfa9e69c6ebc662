import { connect, type Socket } from "node:net";
import { describeNetworkError } from "#embedded/kubelet/network-errors.ts";
import { acceptSpdy } from "./spdy/accept-spdy.ts";
import { SpdySession, type SpdyStream } from "./spdy/spdy-session.ts";
import { type Upgrade, wantsSpdy } from "./upgrade.ts";
import { acceptWebSocket, type WebSocket } from "./web-socket.ts";

/** What kubectl before 1.31 speaks on the connection itself, and later ones through a WebSocket. */
const PORT_FORWARD = "portforward.k8s.io";
const TUNNEL = `SPDY/3.1+${PORT_FORWARD}`;
/** What other client libraries speak: two channels for each port of the query. */
const CHANNELS = "v4.channel.k8s.io";

/** Joins connections of a client with ports of a pod at `address`. */
export function servePortForward(
  upgrade: Upgrade,
  pod: { readonly name: string; readonly address: string },
  query: URLSearchParams,
): void {
  const forwarder = new Forwarder(pod);
  if (wantsSpdy(upgrade)) {
    acceptSpdy(upgrade, [PORT_FORWARD], {
      onStream: (stream) => forwarder.take(stream),
      onDrain: () => forwarder.resume(),
      onEnd: () => forwarder.stop(),
    });
    return;
  }
  const ports = query.getAll("ports").flatMap((list) => list.split(",").map(Number));
  let socket: WebSocket | undefined;
  const session = new SpdySession(
    { write: (bytes) => socket?.send(bytes) ?? true, end: () => socket?.close() },
    (stream) => forwarder.take(stream),
  );
  const channels: Socket[] = [];
  socket = acceptWebSocket(upgrade, [TUNNEL, CHANNELS], {
    onMessage: (message) => {
      if (socket?.protocol !== CHANNELS) session.push(message);
      else channels[(message[0] ?? 0) >> 1]?.write(message.subarray(1));
    },
    onDrain: () => forwarder.resume(),
    onEnd: () => {
      session.closed();
      forwarder.stop();
    },
  });
  if (socket?.protocol === CHANNELS) {
    for (const [index, port] of ports.entries()) {
      channels[index] = forwarder.openChannels(socket, index, port);
    }
  }
}

/** The connections to the pod of one client, each joined with the stream that asked for it. */
class Forwarder {
  readonly #pod: { readonly name: string; readonly address: string };
  readonly #errors = new Map<string, SpdyStream>();
  readonly #sockets = new Set<Socket>();

  constructor(pod: { readonly name: string; readonly address: string }) {
    this.#pod = pod;
  }

  /** A connection is announced by its error stream and made by its data stream. */
  take(stream: SpdyStream): void {
    const request = stream.headers.get("requestid") ?? "";
    if (stream.headers.get("streamtype") === "error") {
      this.#errors.set(request, stream);
      return;
    }
    const port = Number(stream.headers.get("port"));
    const errors = this.#errors.get(request);
    this.#errors.delete(request);
    const socket = this.#connect(port, {
      write: (chunk) => stream.write(chunk),
      end: () => {
        stream.end();
        errors?.end();
      },
      fail: (why) => void errors?.write(Buffer.from(why)),
    });
    stream.listen({
      onData: (chunk) => void socket.write(chunk),
      onEnd: () => void socket.end(),
    });
  }

  /** Both channels of a port begin with its number, the lower byte first. */
  openChannels(client: WebSocket, index: number, port: number): Socket {
    const [data, errors] = [2 * index, 2 * index + 1];
    const send = (channel: number, content: Buffer) =>
      client.send(Buffer.concat([Buffer.from([channel]), content]));
    const number = Buffer.from([port & 0xff, port >> 8]);
    send(data, number);
    send(errors, number);
    return this.#connect(port, {
      write: (chunk) => send(data, chunk),
      // A channel has no end of its own; the last connection takes the client's with it.
      end: () => {
        if (this.#sockets.size === 0) client.close();
      },
      fail: (why) => void send(errors, Buffer.from(why)),
    });
  }

  /** The client can take more again. */
  resume(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #connect(
    port: number,
    client: {
      readonly write: (chunk: Buffer) => boolean;
      readonly end: () => void;
      readonly fail: (why: string) => void;
    },
  ): Socket {
    const { name, address } = this.#pod;
    const socket = connect({ host: address, port, allowHalfOpen: true, noDelay: true });
    this.#sockets.add(socket);
    socket.on("data", (chunk: Buffer) => {
      if (!client.write(chunk)) socket.pause();
    });
    socket.on("error", (error) => {
      const why = describeNetworkError(error, { host: address, port });
      client.fail(`error forwarding port ${port} to pod ${name}: ${why}`);
    });
    socket.once("end", client.end);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      client.end();
    });
    return socket;
  }
}
