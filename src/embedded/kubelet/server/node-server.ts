import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Pod } from "#embedded/api/objects.ts";
import type { ContainerLog } from "#embedded/kubelet/container-log.ts";
import type { PodWorker } from "#embedded/kubelet/pod-worker.ts";
import type { PodWorkers } from "#embedded/kubelet/pod-workers.ts";
import { containerMetrics } from "#embedded/kubelet/usage/container-metrics.ts";
import { parseLogQuery, sendLog } from "./log-query.ts";
import { serveAttach, serveExec } from "./serve-exec.ts";
import { servePortForward } from "./serve-port-forward.ts";
import type { Upgrade } from "./upgrade.ts";
import { acceptWebSocket } from "./web-socket.ts";

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

/** A request for something of one container. */
interface ContainerRequest {
  readonly worker: PodWorker;
  readonly pod: string;
  readonly container: string;
  readonly query: URLSearchParams;
}

/**
 * The kubelet's own HTTP server, for the API server only: it shows the cluster's secret.
 *
 *   GET /healthz
 *   GET /metrics/cadvisor
 *   GET /pods
 *   GET /containerLogs/<namespace>/<pod>/<container>?follow&tailLines&previous&timestamps&…
 *   GET /exec/<namespace>/<pod>/<container>?command=…&stdin&stdout&stderr   (WebSocket, or SPDY/3.1)
 *   GET /attach/<namespace>/<pod>/<container>?stdin&stdout&stderr           (the same)
 *   GET /portForward/<namespace>/<pod>?ports=…                              (the same)
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
      const { status, text } = refusalOf(error);
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);
    }
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    try {
      authenticate(request, clusterSecret);
      serveUpgrade({ request, socket, head }, pods);
    } catch (error) {
      const { status, text } = refusalOf(error);
      const length = `Content-Length: ${Buffer.byteLength(text)}`;
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n${length}\r\n\r\n${text}`);
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
  if (request.method !== "GET") throw new Refusal(405, "405: Method Not Allowed");
  const url = urlOf(request);
  if (url.pathname === "/healthz") {
    response.end("ok");
    return;
  }
  if (url.pathname === "/metrics/cadvisor") {
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
    response.end(containerMetrics(pods.all(), Date.now()));
    return;
  }
  if (url.pathname === "/pods") {
    const list = { kind: "PodList", apiVersion: "v1", metadata: {}, items: podsOf(pods) };
    response.setHeader("content-type", "application/json").end(JSON.stringify(list));
    return;
  }
  serveLog(containerRequest(url, "containerLogs", pods), response);
}

function podsOf(pods: PodWorkers): readonly Pod[] {
  return pods.all().map(({ pod }) => pod);
}

function serveUpgrade(upgrade: Upgrade, pods: PodWorkers): void {
  const url = urlOf(upgrade.request);
  if (url.pathname.startsWith("/portForward/")) {
    const { worker, pod, query } = containerRequest(url, "portForward", pods);
    const { address } = worker;
    if (address === undefined) {
      const why = `unable to forward port because pod is not running. Current status=${worker.pod.status.phase}`;
      throw new Refusal(500, why);
    }
    servePortForward(upgrade, { name: pod, address }, query);
    return;
  }
  if (url.pathname.startsWith("/containerLogs/")) {
    serveLogOverWebSocket(upgrade, containerRequest(url, "containerLogs", pods));
    return;
  }
  const isAttach = url.pathname.startsWith("/attach/");
  const route = isAttach ? "attach" : "exec";
  const { worker, pod, container, query } = containerRequest(url, route, pods);
  const running = worker.containers.newest(container);
  const log = worker.containers.log(container, "current");
  if (running === undefined || log === undefined) {
    const quoted = `${JSON.stringify(container)} in pod ${JSON.stringify(pod)}`;
    throw new Refusal(404, `container not found (${quoted})`);
  }
  // A client that cannot attach any more reads the log instead, where everything is.
  if (isAttach && !worker.containers.allRunning().includes(running)) {
    const { namespace } = worker.pod.metadata;
    throw new Refusal(500, `container ${container} not found in pod ${pod}_${namespace}`);
  }
  if (isAttach) serveAttach(upgrade, { running, log }, query);
  else serveExec(upgrade, running, query);
}

function containerRequest(url: URL, route: string, pods: PodWorkers): ContainerRequest {
  const [, first, namespace = "", pod = "", container = ""] = url.pathname
    .split("/")
    .map(decodeURIComponent);
  if (first !== route) throw new Refusal(404, "404 page not found");
  const worker = pods.find(namespace, pod);
  if (worker === undefined) {
    throw new Refusal(404, `pod ${JSON.stringify(`${pod}_${namespace}`)} not found`);
  }
  return { worker, pod, container, query: url.searchParams };
}

function serveLog(wanted: ContainerRequest, response: ServerResponse): void {
  const log = logOf(wanted);
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
  response.flushHeaders();
  const stop = sendLog(log, parseLogQuery(wanted.query, Date.now()), {
    send: (text) => void response.write(text),
    end: () => void response.end(),
  });
  response.once("close", stop);
}

/** The same for who reads it over a WebSocket: each piece is a message. */
function serveLogOverWebSocket(upgrade: Upgrade, wanted: ContainerRequest): void {
  const log = logOf(wanted);
  let stop = () => {};
  const socket = acceptWebSocket(upgrade, [LOG_PROTOCOL], {
    onMessage: () => {},
    onEnd: () => stop(),
  });
  if (socket === undefined) return;
  stop = sendLog(log, parseLogQuery(wanted.query, Date.now()), {
    send: (text) => void socket.send(Buffer.from(text)),
    end: () => socket.close(),
  });
}

const LOG_PROTOCOL = "binary.k8s.io";

function logOf({ worker, pod, container, query }: ContainerRequest): ContainerLog {
  const previous = ["true", "1"].includes(query.get("previous") ?? "");
  const log = worker.containers.log(container, previous ? "previous" : "current");
  if (log === undefined) {
    const quoted = `${JSON.stringify(container)} in pod ${JSON.stringify(pod)}`;
    throw previous
      ? new Refusal(400, `previous terminated container ${quoted} not found`)
      : new Refusal(
          400,
          `container ${quoted} is waiting to start: ${worker.waitingReason(container)}`,
        );
  }
  return log;
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? "/", "http://kubelet");
}

function refusalOf(error: unknown): { readonly status: number; readonly text: string } {
  const text = error instanceof Error ? error.message : String(error);
  return { status: error instanceof Refusal ? error.status : 500, text: `${text}\n` };
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
