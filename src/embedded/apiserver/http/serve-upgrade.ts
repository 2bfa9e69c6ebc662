import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiError } from "#embedded/api/api-error.ts";
import type { Pod } from "#embedded/api/objects.ts";
import { getObject } from "#embedded/apiserver/registry/read-objects.ts";
import { badRequest, noSuchPath } from "#embedded/apiserver/status/refusals.ts";
import { statusOf } from "#embedded/apiserver/status/status-body.ts";
import type { Serving } from "./exchange.ts";
import { kubeletOf, kubeletRefusal, kubeletUnreachable } from "./kubelet-address.ts";
import { addressedContainer, loggedContainer } from "./logged-container.ts";
import { parseRequestTarget } from "./request-target.ts";
import { LOG_OPTIONS } from "./serve-pod-log.ts";

/** A connection that asks to go on as something else than HTTP. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Options that the kubelet acts upon; the container is part of its path. */
const PASSED_ON = ["command", "stdin", "stdout", "stderr", "tty", "ports", ...LOG_OPTIONS];

/** What makes the two ends understand each other; all other headers of the client are for this server. */
const HANDSHAKE = [
  ...["connection", "upgrade", "sec-websocket-key", "sec-websocket-version"],
  ...["sec-websocket-protocol", "x-stream-protocol-version"],
];

/** The kubelet's word for what the API calls so. */
const ROUTES: Readonly<Record<string, string>> = {
  attach: "attach",
  exec: "exec",
  log: "containerLogs",
  portforward: "portForward",
};

/** Newer clients speak WebSocket, older ones SPDY. */
const UPGRADES = ["websocket", "spdy/3.1"];

/**
 * Joins a client that wants to run a command in a container, or to reach its ports, with the kubelet that
 * runs it; what they say to each other passes through untouched. Any other upgrade, and any refusal, is answered with a Status.
 */
export async function serveUpgrade(serving: Serving, upgrade: Upgrade): Promise<void> {
  const { request, socket } = upgrade;
  // A client that leaves ends the command's input; nobody else is there to be told.
  socket.on("error", () => socket.destroy());
  const stop = () => socket.destroy();
  serving.stopping.addEventListener("abort", stop);
  socket.once("close", () => serving.stopping.removeEventListener("abort", stop));
  try {
    const url = new URL(request.url ?? "/", "http://api");
    serving.authenticate(request, url.pathname);
    await joinKubelet(serving, upgrade, url);
  } catch (error) {
    refuse(socket, error);
  }
}

async function joinKubelet(
  serving: Serving,
  { request, socket, head }: Upgrade,
  { pathname, searchParams }: URL,
): Promise<void> {
  const target = parseRequestTarget(pathname);
  const definition = target === undefined ? undefined : serving.catalog.find(target);
  const { name, namespace = "", subresource } = target ?? {};
  if (definition?.collection !== "/pods" || name === undefined) throw noSuchPath();
  const route = ROUTES[subresource ?? ""];
  if (route === undefined) throw noSuchPath();
  if (!UPGRADES.includes(request.headers.upgrade?.toLowerCase() ?? "")) throw upgradeRequired();
  const pod = getObject(serving.context, definition, { namespace, name }) as Pod;
  const passed = new URLSearchParams([...searchParams].filter(([key]) => PASSED_ON.includes(key)));
  const place =
    route === "portForward"
      ? `${route}/${namespace}/${name}`
      : `${route}/${namespace}/${name}/${containerOf(pod, route, searchParams.get("container") ?? "")}`;
  const kubelet = kubeletOf(serving.context, pod);
  const path = `/${place}?${passed}`;
  const upstream = httpRequest({
    ...kubelet,
    method: request.method,
    path,
    agent: false,
    headers: { ...handshakeOf(request), authorization: `Bearer ${serving.clusterSecret}` },
  });
  socket.once("close", () => upstream.destroy());
  await new Promise<void>((resolve, reject) => {
    upstream.on("error", (error) => reject(kubeletUnreachable(kubelet, path, error)));
    upstream.on("response", (answer) => {
      answer.setEncoding("utf8");
      let text = "";
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => reject(kubeletRefusal(answer.statusCode ?? 500, text)));
    });
    upstream.on("upgrade", (answer, far, farHead) => {
      socket.write(switchingProtocols(answer));
      splice(socket, far, head, farHead);
      resolve();
    });
    upstream.end();
  });
}

function containerOf(pod: Pod, route: string, asked: string): string {
  return route === "containerLogs" ? loggedContainer(pod, asked) : addressedContainer(pod, asked);
}

function handshakeOf({ headers }: IncomingMessage): Record<string, string> {
  const wanted = HANDSHAKE.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(
    wanted.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

function switchingProtocols({ rawHeaders }: IncomingMessage): string {
  const lines = ["HTTP/1.1 101 Switching Protocols"];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function splice(near: Duplex, far: Duplex, nearHead: Buffer, farHead: Buffer): void {
  far.on("error", () => far.destroy());
  far.once("close", () => near.end());
  near.once("close", () => far.destroy());
  far.write(nearHead);
  near.write(farHead);
  near.pipe(far);
  far.pipe(near);
}

/** 400: nobody can run a command, or reach a port, in one answer. */
export function upgradeRequired(): ApiError {
  return badRequest("Upgrade request required");
}

/** There is no response object on an upgraded connection, so the answer is spelled out. */
function refuse(socket: Duplex, error: unknown): void {
  const status = statusOf(error);
  const body = Buffer.from(JSON.stringify(status));
  const headers = [
    `HTTP/1.1 ${status.code} Refused`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
  ];
  socket.end(Buffer.concat([Buffer.from(`${headers.join("\r\n")}\r\n\r\n`), body]));
}
