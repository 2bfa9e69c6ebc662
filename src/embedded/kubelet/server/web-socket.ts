import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import { encodeFrame, type Frame, FrameParser, OPCODE } from "./frame-parser.ts";
import { offeredIn, refuseUpgrade, type Upgrade } from "./upgrade.ts";

/** From RFC 6455: proves that the server has understood the handshake. */
const HANDSHAKE_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

const NORMAL_CLOSURE = 1000;

/** The server's side of one WebSocket, in whole binary messages. */
export interface WebSocket {
  readonly protocol: string;
  /** False when the client is slower than this end. */
  send(message: Buffer): boolean;
  close(): void;
}

interface WebSocketHandlers {
  readonly onMessage: (message: Buffer) => void;
  readonly onEnd: () => void;
  /** The client can take more again. */
  readonly onDrain?: () => void;
}

/**
 * Accepts an upgrade with the first of `protocols` that the client offers; undefined, and the socket is
 * closed, when there is none. `onEnd` is called once, whoever closes.
 */
export function acceptWebSocket(
  upgrade: Upgrade,
  protocols: readonly string[],
  handlers: WebSocketHandlers,
): WebSocket | undefined {
  const { request, socket, head } = upgrade;
  const offered = offeredIn(upgrade, "sec-websocket-protocol");
  const protocol = protocols.find((known) => offered.includes(known));
  const key = request.headers["sec-websocket-key"];
  if (protocol === undefined || key === undefined) {
    refuseUpgrade(upgrade);
    return undefined;
  }
  const accept = createHash("sha1").update(`${key}${HANDSHAKE_GUID}`).digest("base64");
  socket.write(
    [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${accept}`,
      `Sec-WebSocket-Protocol: ${protocol}`,
      "\r\n",
    ].join("\r\n"),
  );
  // What came with the handshake is read like the rest, when the caller has got its WebSocket.
  if (head.length > 0) socket.unshift(head);
  socket.on("data", messageReader(socket, handlers.onMessage));
  socket.on("error", () => socket.destroy());
  socket.once("close", handlers.onEnd);
  if (handlers.onDrain !== undefined) socket.on("drain", handlers.onDrain);
  return {
    protocol,
    send: (message) => socket.destroyed || socket.write(encodeFrame(OPCODE.binary, message)),
    close: () => {
      const code = Buffer.alloc(2);
      code.writeUInt16BE(NORMAL_CLOSURE);
      socket.end(encodeFrame(OPCODE.close, code));
    },
  };
}

function messageReader(socket: Duplex, onMessage: (message: Buffer) => void) {
  const parser = new FrameParser();
  let parts: Buffer[] = [];
  const take = ({ opcode, final, payload }: Frame) => {
    switch (opcode) {
      case OPCODE.close:
        socket.end(encodeFrame(OPCODE.close, payload));
        return;
      case OPCODE.ping:
        socket.write(encodeFrame(OPCODE.pong, payload));
        return;
      case OPCODE.pong:
        return;
      default:
        parts.push(payload);
        if (!final) return;
        onMessage(Buffer.concat(parts));
        parts = [];
    }
  };
  return (chunk: Buffer) => {
    try {
      for (const frame of parser.push(chunk)) take(frame);
    } catch {
      socket.destroy(); // whoever sends what is no WebSocket is not answered
    }
  };
}
