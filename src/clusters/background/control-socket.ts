import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/*
 * A process id says nothing for long: it may belong to somebody else tomorrow. A socket is held by the
 * kernel for its process and by nobody else, so the connection is the proof that the cluster lives, and its
 * end, which needs no asking, the proof that the process has gone.
 */

const STOP = "stop\n";

/** Listens until the process ends; `onStop` is called when somebody asks the cluster to end. */
export async function listenForControl(path: string, onStop: () => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.setEncoding("utf8");
    socket.on("error", () => socket.destroy());
    socket.on("data", (text: string) => {
      if (text.includes(STOP)) onStop();
    });
  });
  server.listen(path);
  await once(server, "listening");
  return server;
}

/** Undefined when no process holds the socket. */
export async function connectControl(path: string): Promise<Socket | undefined> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
  } catch {
    return undefined;
  }
  socket.on("error", () => socket.destroy());
  // Only a socket that is read from notices the end.
  socket.resume();
  return socket;
}

/** Asks the process at the other end to stop its cluster. */
export function sendStop(socket: Socket): void {
  socket.write(STOP);
}
