import type { Socket } from "node:net";

/**
 * Joins two connections so that each end sees of the other what it would see on one connection: the bytes
 * in order, with back-pressure; FIN as FIN, so either direction may end alone; RST as RST.
 *
 *   client ══ bytes, FIN, RST ══► backend
 *   client ◄══ bytes, FIN, RST ══ backend
 *
 * Both sockets must have been made with `allowHalfOpen`, or Node would answer a FIN by itself.
 */
export function splice(client: Socket, backend: Socket): void {
  forward(client, backend);
  forward(backend, client);
}

function forward(from: Socket, to: Socket): void {
  from.on("data", (chunk) => {
    if (!to.write(chunk)) from.pause();
  });
  to.on("drain", () => from.resume());
  // Whoever left before the other side was reached has said so already, and does not say it again.
  if (from.readableEnded) to.end();
  else from.on("end", () => to.end());
  // Whatever breaks one connection (a reset, or a write into one that is gone) has broken the other.
  from.on("error", () => reset(to));
}

/** Ends a connection with RST. What was not sent yet is not sent any more, as when a kernel resets. */
export function reset(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.connecting) socket.destroy();
  else socket.resetAndDestroy();
}
