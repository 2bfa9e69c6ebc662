import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { ConnectionLog, LedConnection } from "./connection-log.ts";

/** Beside the kubelet's, on each node: where kube-proxy shows its metrics. */
export const CONNECTIONS_PORT = 10_249;

/** So long what was seen waits for what comes next. */
const FLUSH_MS = 20;

/** A client that reads so much too slowly loses the stream: it would take a hole in it for silence. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

export interface ConnectionServerOptions {
  /** Where it listens. */
  readonly address: string;
  readonly log: ConnectionLog;
  /** Which connections came in at this node. */
  isOwn(led: LedConnection): boolean;
}

/**
 * Shows where the data path of one node leads connections, as `conntrack -E` would on a real one:
 *
 *   GET /connections   one JSON object a line, for as long as the client listens
 */
export class ConnectionServer {
  readonly #options: ConnectionServerOptions;
  readonly #server: Server;

  private constructor(options: ConnectionServerOptions) {
    this.#options = options;
    this.#server = createServer(({ url, method }, response) => {
      if (url !== "/connections" || method !== "GET") response.writeHead(404).end();
      else this.#serve(response);
    });
  }

  /** Undefined when another program has the port: the cluster works without it. */
  static async start(options: ConnectionServerOptions): Promise<ConnectionServer | undefined> {
    const server = new ConnectionServer(options);
    try {
      server.#server.listen(CONNECTIONS_PORT, options.address);
      await once(server.#server, "listening");
      return server;
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #serve(response: ServerResponse): void {
    const { log, isOwn } = this.#options;
    if (log.endedBecause !== undefined) {
      response.writeHead(503, { "content-type": "text/plain" }).end(log.endedBecause);
      return;
    }
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.flushHeaders();
    let lines = "";
    let timer: NodeJS.Timeout | undefined;
    const flush = () => {
      timer = undefined;
      if (lines !== "") response.write(lines);
      lines = "";
      if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
    };
    const stop = log.follow({
      connection(led) {
        if (!isOwn(led)) return;
        lines += `${JSON.stringify(led)}\n`;
        timer ??= setTimeout(flush, FLUSH_MS);
      },
      ended() {
        clearTimeout(timer);
        flush();
        response.end();
      },
    });
    response.once("close", () => {
      clearTimeout(timer);
      stop();
    });
  }
}
