import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { parseLogQuery, sendLog } from "./log-query.ts";
import type { PodWorkers } from "./pod-workers.ts";

export interface NodeServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** A refusal with the plain text that a kubelet answers. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The kubelet's own HTTP server, for the API server only: it shows the cluster's secret.
 *
 *   GET /healthz · GET /containerLogs/<namespace>/<pod>/<container>?follow&tailLines&previous&…
 */
export async function startNodeServer(options: {
  readonly address: string;
  readonly clusterSecret: string;
  readonly pods: PodWorkers;
}): Promise<NodeServer> {
  const { address, clusterSecret, pods } = options;
  const server = createServer((request, response) => {
    try {
      authenticate(request, clusterSecret);
      serve(request, response, pods);
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500;
      const text = error instanceof Error ? error.message : String(error);
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
    }
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await listen(server, address);
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    port,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function authenticate(request: IncomingMessage, clusterSecret: string): void {
  if (request.headers.authorization !== `Bearer ${clusterSecret}`) {
    throw new Refusal(401, "Unauthorized");
  }
}

function serve(request: IncomingMessage, response: ServerResponse, pods: PodWorkers): void {
  const url = new URL(request.url ?? "/", "http://kubelet");
  const [, route, namespace = "", pod = "", container = ""] = url.pathname
    .split("/")
    .map(decodeURIComponent);
  if (request.method !== "GET") throw new Refusal(405, "405: Method Not Allowed");
  if (route === "healthz") {
    response.end("ok");
    return;
  }
  if (route !== "containerLogs") throw new Refusal(404, "404 page not found");
  serveLog({ namespace, pod, container, query: url.searchParams }, response, pods);
}

function serveLog(
  wanted: {
    readonly namespace: string;
    readonly pod: string;
    readonly container: string;
    readonly query: URLSearchParams;
  },
  response: ServerResponse,
  pods: PodWorkers,
): void {
  const { namespace, pod, container, query } = wanted;
  const worker = pods.find(namespace, pod);
  if (worker === undefined)
    throw new Refusal(404, `pod ${JSON.stringify(`${pod}_${namespace}`)} not found`);
  const previous = ["true", "1"].includes(query.get("previous") ?? "");
  const log = worker.containers.log(container, previous ? "previous" : "current");
  const quoted = `${JSON.stringify(container)} in pod ${JSON.stringify(pod)}`;
  if (log === undefined) {
    throw previous
      ? new Refusal(400, `previous terminated container ${quoted} not found`)
      : new Refusal(
          400,
          `container ${quoted} is waiting to start: ${worker.waitingReason(container)}`,
        );
  }
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
  response.flushHeaders();
  const stop = sendLog(log, parseLogQuery(query, Date.now()), {
    send: (text) => void response.write(text),
    end: () => void response.end(),
  });
  response.once("close", stop);
}

async function listen(server: Server, address: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, address, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
