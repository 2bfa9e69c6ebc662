import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** A connection that asks to go on as something else than HTTP. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Whether the client wants to go on with SPDY/3.1 on the connection itself, as kubectl before 1.31 does. */
export function wantsSpdy({ request }: Upgrade): boolean {
  return request.headers.upgrade?.toLowerCase() === "spdy/3.1";
}

/** The words of a header that may have several. */
export function offeredIn({ request }: Upgrade, header: string): readonly string[] {
  const value = request.headers[header];
  const text = Array.isArray(value) ? value.join(",") : (value ?? "");
  return text.split(",").map((word) => word.trim());
}

/** Nobody here speaks what the client offers. */
export function refuseUpgrade({ socket }: Upgrade): void {
  socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}
