import { offeredIn, refuseUpgrade, type Upgrade } from "#embedded/kubelet/server/upgrade.ts";
import { SpdySession, type SpdyStream } from "./spdy-session.ts";

const PROTOCOL_HEADER = "x-stream-protocol-version";

/** What goes on over a connection that speaks SPDY now. */
export interface SpdyHandlers {
  readonly onStream: (stream: SpdyStream) => void;
  /** The connection has gone, whoever ended it. */
  readonly onEnd?: () => void;
  /** The client can take more again. */
  readonly onDrain?: () => void;
}

/** Goes on with SPDY in the first of `protocols` that the client offers; returns how to end it. */
export function acceptSpdy(
  upgrade: Upgrade,
  protocols: readonly string[],
  { onStream, onEnd, onDrain }: SpdyHandlers,
): (() => void) | undefined {
  const { socket, head } = upgrade;
  const offered = offeredIn(upgrade, PROTOCOL_HEADER);
  const protocol = protocols.find((known) => offered.includes(known));
  if (protocol === undefined) {
    refuseUpgrade(upgrade);
    return undefined;
  }
  socket.write(
    [
      "HTTP/1.1 101 Switching Protocols",
      "Connection: Upgrade",
      "Upgrade: SPDY/3.1",
      `X-Stream-Protocol-Version: ${protocol}`,
      "\r\n",
    ].join("\r\n"),
  );
  const session = new SpdySession(
    { write: (bytes) => socket.destroyed || socket.write(bytes), end: () => void socket.end() },
    onStream,
  );
  socket.on("data", (chunk: Buffer) => session.push(chunk));
  socket.on("error", () => socket.destroy());
  if (onDrain !== undefined) socket.on("drain", onDrain);
  socket.once("close", () => {
    session.closed();
    onEnd?.();
  });
  if (head.length > 0) session.push(head);
  return () => void socket.end();
}
