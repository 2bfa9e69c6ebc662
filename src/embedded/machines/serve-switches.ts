import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { Machine } from "./machine.ts";

/** A Unix socket's path may be no longer than this on every system. */
const LONGEST_PATH = 100;

/**
 * The switches of the machines, on a socket that only this user can open:
 *
 *   POST /machines/<node>/shut-down · lose · turn-on
 *   POST /machines/<node>/containers/<id>/kill
 *
 * A cluster of virtual machines has such an interface at its cloud, one of containers at its engine. 204 says that
 * it is done, 304 that there was nothing to do.
 */
export async function serveSwitches(
  path: string,
  machines: () => readonly Machine[],
): Promise<{ stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    turn(request, machines())
      .then((status) => response.writeHead(status).end())
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(path);
  await once(server, "listening");
  return {
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Where a directory is too deep for a socket, its machines cannot be reached from outside. */
export function canHoldSocket(path: string): boolean {
  return Buffer.byteLength(path) <= LONGEST_PATH;
}

async function turn({ method, url = "" }: IncomingMessage, machines: readonly Machine[]) {
  if (method !== "POST") return 405;
  const [, , name = "", act, id = "", last] = url.split("/").map(decodeURIComponent);
  const machine = machines.find((one) => one.name === name);
  if (machine === undefined) return 404;
  switch (act) {
    case "shut-down":
      await machine.shutDown();
      return 204;
    case "lose":
      await machine.lose();
      return 204;
    case "turn-on":
      return (await machine.turnOn()) ? 204 : 304;
    case "containers":
      return last === "kill" && machine.killContainer(id) ? 204 : 404;
    default:
      return 404;
  }
}
