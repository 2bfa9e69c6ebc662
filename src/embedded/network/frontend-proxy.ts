import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { ConnectionLog } from "./connection-log.ts";
import { type Backend, pickBackend } from "./endpoint-choice.ts";
import { PortListener } from "./port-listener.ts";
import type { Frontend } from "./service-frontends.ts";
import { SessionAffinity } from "./session-affinity.ts";
import { reset, splice } from "./splice.ts";

/**
 * Serves one frontend: each new connection gets a backend of the moment and keeps it. Changes of the
 * frontend reach only the connections that come after them.
 */
export class FrontendProxy {
  readonly #listener: PortListener;
  readonly #sockets = new Set<Socket>();
  readonly #log: ConnectionLog;
  #frontend: Frontend;
  #affinity: SessionAffinity | undefined;
  #onDrained: () => void = () => undefined;

  constructor(
    frontend: Frontend,
    {
      onFailure,
      log = new ConnectionLog(),
    }: { readonly onFailure: (error: Error) => void; readonly log?: ConnectionLog },
  ) {
    this.#frontend = frontend;
    this.#log = log;
    const { address, port } = frontend;
    this.#listener = new PortListener({
      address,
      port,
      onConnection: (client) => this.#serve(client),
      onFailure,
    });
    this.update(frontend);
  }

  /** Takes over the new backends. With none at all the port is closed, and connecting is refused. */
  update(frontend: Frontend): void {
    const { affinityTimeoutMs } = frontend;
    if (affinityTimeoutMs !== this.#frontend.affinityTimeoutMs || this.#affinity === undefined) {
      this.#affinity =
        affinityTimeoutMs === undefined ? undefined : new SessionAffinity(affinityTimeoutMs);
    }
    this.#frontend = frontend;
    if (frontend.eligible.length > 0) this.#listener.open();
    else this.#listener.close();
  }

  /** Accepts nobody any more; connections that are open live on, and `onDrained` is called after the last. */
  retire(onDrained: () => void): void {
    this.#frontend = { ...this.#frontend, eligible: [] };
    this.#listener.close();
    if (this.#sockets.size === 0) onDrained();
    else this.#onDrained = onDrained;
  }

  async settled(): Promise<void> {
    await this.#listener.settled();
  }

  /** The end of the cluster: whoever is still connected is cut off. */
  async stop(): Promise<void> {
    this.#listener.close();
    await this.#listener.settled();
    const closed = [...this.#sockets].map((socket) => once(socket, "close"));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #serve(client: Socket): void {
    this.#own(client);
    const { address, port: ownPort } = this.#frontend;
    const from = `${client.remoteAddress}:${client.remotePort}`;
    const led = { client: from, to: `${address}:${ownPort}` };
    const backend = this.#pick(client.remoteAddress ?? "");
    if (backend === undefined) {
      this.#log.report(led);
      reset(client); // accepted by the kernel in the instant before the port was closed
      return;
    }
    const { address: host, port } = backend;
    const chosen = { ...led, backend: `${host}:${port}` };
    this.#log.report(chosen);
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    this.#own(server);
    // A kernel would have let the backend's refusal through; we have accepted already and can only reset.
    const refused = () => {
      this.#log.report({ ...chosen, refused: true });
      reset(client);
    };
    const abandoned = () => reset(server);
    server.once("error", refused);
    client.once("error", abandoned);
    server.once("connect", () => {
      server.off("error", refused);
      client.off("error", abandoned);
      splice(client, server);
    });
  }

  #pick(client: string): Backend | undefined {
    const { eligible } = this.#frontend;
    if (this.#affinity === undefined) return pickBackend(eligible, Math.random);
    const nowMs = performance.now();
    return this.#affinity.pick(client, eligible, { random: Math.random, nowMs });
  }

  #own(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#onDrained();
    });
  }
}
