import { createServer } from "node:net";

/** The cheapest server there can be, so that a bench on few cores measures the client. */
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\nX-Pod: plain-0\r\nContent-Length: 100\r\n\r\n${"x".repeat(100)}`,
);
const server = createServer({ noDelay: true }, (socket) => {
  // One request at a time on a connection, and each small enough to come in one piece.
  socket.on("data", () => socket.write(ANSWER));
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", () => process.send?.(server.address()));
process.on("disconnect", () => process.exit());
