import { once } from "node:events";
import { lstat } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { HarnessError } from "#domain/errors.ts";
import type { Machine } from "./machine.ts";

/** A machine of an embedded cluster, by the socket where its switches are. */
export function embeddedMachine(socket: string, node: string): Machine {
  const turn = async (act: string, signal: AbortSignal): Promise<number> => {
    await requireOwnSocket(socket, node);
    const path = `/machines/${encodeURIComponent(node)}/${act}`;
    const sent = request({ socketPath: socket, method: "POST", path, signal });
    const answered = once(sent, "response"); // rejects with the request's error
    sent.end();
    const [response] = (await answered) as [IncomingMessage];
    response.resume();
    const status = response.statusCode ?? 0;
    if (status !== 204 && status !== 304) throw refused(node, `${act}: ${status}`);
    return status;
  };
  return {
    reach: () => requireOwnSocket(socket, node),
    shutDown: async (signal) => void (await turn("shut-down", signal)),
    lose: async (signal) => void (await turn("lose", signal)),
    turnOn: async (signal) => ((await turn("turn-on", signal)) === 204 ? "turned-on" : "was-on"),
    killContainer: async (id, signal) =>
      void (await turn(`containers/${encodeURIComponent(id)}/kill`, signal)),
  };
}

/** The path comes from the cluster, so it may lead to nothing but a socket of this very user. */
async function requireOwnSocket(socket: string, node: string): Promise<void> {
  const found = await lstat(socket).catch(() => undefined);
  if (found?.isSocket() === true && found.uid === process.getuid?.()) return;
  throw refused(node, `there is no socket of yours at ${socket}`);
}

function refused(node: string, because: string): HarnessError {
  return new HarnessError(
    "MACHINE_NOT_HERE",
    `The machine of node ${node} of the embedded cluster does not do what it was asked: ${because}.`,
    {
      hint: "Its switches are for the user and on the machine that the cluster was started by; has it ended?",
    },
  );
}
