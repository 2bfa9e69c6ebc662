import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { ApiError } from "#embedded/api/api-error.ts";
import type { Serving } from "./exchange.ts";
import { type ProxyTarget, proxyTargetOf } from "./proxy-target.ts";
import type { ObjectRequest } from "./serve-resource.ts";

/** Headers that belong to one connection, or to this server alone. */
const NOT_PASSED_ON = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer"],
  ...["transfer-encoding", "upgrade", "authorization", "host"],
]);

/**
 * Passes a request on to a pod, to one of a Service's ready endpoints or to a kubelet, and their answer
 * back, as it comes: `/api/v1/namespaces/default/pods/web:8080/proxy/path`.
 */
export async function serveProxy(request: ObjectRequest): Promise<void> {
  const { exchange, serving } = request;
  const url = new URL(exchange.request.url ?? "/", "http://api");
  const [, prefix = "", path = ""] = /^(.*?\/proxy)(?=\/|$)(.*)$/.exec(url.pathname) ?? [];
  if (path === "" && ["GET", "HEAD"].includes(exchange.request.method ?? "")) {
    // Relative links of the answer would otherwise lead beside it.
    exchange.response.writeHead(301, { location: `${prefix}/${url.search}` }).end();
    return;
  }
  const target = proxyTargetOf(request);
  await passOn(serving, request, { target, path: `${path === "" ? "/" : path}${url.search}` });
}

async function passOn(
  { clusterSecret, stopping }: Serving,
  { exchange: { request, response } }: ObjectRequest,
  { target, path }: { readonly target: ProxyTarget; readonly path: string },
): Promise<void> {
  const { scheme, host, port, isKubelet } = target;
  const headers = {
    ...passedOn(request.headers),
    "x-forwarded-for": request.socket.remoteAddress,
    "x-forwarded-uri": request.url,
    ...(isKubelet ? { authorization: `Bearer ${clusterSecret}` } : {}),
  };
  const send = scheme === "https" ? httpsRequest : httpRequest;
  const upstream = send({
    ...{ host, port, path, method: request.method, headers, agent: false },
    rejectUnauthorized: false, // pods sign for themselves, and this server trusts its own network
  });
  const stop = () => upstream.destroy();
  response.on("close", stop);
  stopping.addEventListener("abort", stop);
  try {
    await new Promise<void>((resolve, reject) => {
      upstream.on("error", reject);
      upstream.on("response", (answer) => {
        response.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
        response.flushHeaders(); // what is streamed may have nothing to say for a while
        answer.on("end", resolve);
        answer.on("error", reject);
        answer.pipe(response);
      });
      request.pipe(upstream);
    });
  } catch (error) {
    throw unreachable(target, error);
  } finally {
    response.off("close", stop);
    stopping.removeEventListener("abort", stop);
  }
}

function passedOn(headers: IncomingMessage["headers"]): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.has(name)));
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  EHOSTUNREACH: "connect: no route to host",
  ECONNRESET: "read: connection reset by peer",
};

function unreachable({ host, port }: ProxyTarget, error: unknown): ApiError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const why = `dial tcp ${host}:${port}: ${SYSTEM_ERRORS[code] ?? message}`;
  return new ApiError(503, "ServiceUnavailable", `error trying to reach service: ${why}`);
}
