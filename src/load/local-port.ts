import type { Socket } from "node:net";

/**
 * Tells the local port as soon as the connect has begun: by it the data path knows the connection, and when
 * that is refused the socket has forgotten it before anybody can ask.
 */
export function onLocalPort(socket: Socket, tell: (port: number) => void): void {
  // The attempt is announced just before it is made, and an early question is answered once and for all.
  socket.on("connectionAttempt", () => {
    process.nextTick(() => {
      if (socket.localPort !== undefined) tell(socket.localPort);
    });
  });
}
