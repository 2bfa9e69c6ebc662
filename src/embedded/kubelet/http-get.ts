import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Container, HttpGetAction, IntOrString } from "#embedded/api/objects.ts";

/** The kubelet reads no more of a body than this. */
const MAX_BODY_BYTES = 10 * 1024;

/** What a probe or hook looks at of an answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** The URL of an httpGet action; the pod's own address unless the action names a host. */
export function urlOf(action: HttpGetAction, container: Container, podIP: string): URL {
  const scheme = (action.scheme ?? "HTTP").toLowerCase();
  const host = action.host === undefined || action.host === "" ? podIP : action.host;
  const port = portNumber(action.port, container);
  const path = action.path ?? "/";
  return new URL(`${scheme}://${host}:${port}${path.startsWith("/") ? "" : "/"}${path}`);
}

/** A port given by number or by its name among the container's ports. */
export function portNumber(port: IntOrString, container: Container): number {
  if (typeof port === "number") return port;
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  const number = named ?? Number(port);
  if (!Number.isInteger(number)) throw new Error(`couldn't find port: ${JSON.stringify(port)}`);
  return number;
}

/** Why a GET had no answer, as Go prints it: the URL with its port even where that is the scheme's own. */
export function describeFailedGet(url: URL, problem: string): string {
  const shown = `${url.protocol}//${url.hostname}:${portOf(url)}${url.pathname}${url.search}`;
  return `Get ${JSON.stringify(shown)}: ${problem}`;
}

/** Also where the URL leaves it to its scheme. */
export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

/** One GET on a connection of its own; certificates are not verified and redirects not followed. */
export function httpGet(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const options = { agent: false, headers, signal } as const;
  const request =
    url.protocol === "https:"
      ? httpsRequest(url, { ...options, rejectUnauthorized: false })
      : httpRequest(url, options);
  request.on("error", reject);
  request.on("response", (response) => {
    readBody(response).then((body) => {
      const { statusCode = 0, headers: answered } = response;
      resolve({ status: statusCode, location: answered.location, body });
      request.destroy();
    }, reject);
  });
  request.end();
  return promise;
}

/** `httpHeaders` over the kubelet's own; an empty value of Accept or User-Agent removes the header. */
export function headersOf(action: HttpGetAction, userAgent: string): Record<string, string> {
  const headers: Record<string, string> = { "User-Agent": userAgent, Accept: "*/*" };
  for (const { name, value } of action.httpHeaders ?? []) {
    const own = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
    if (own !== undefined) delete headers[own];
    if (value !== "" || own === undefined) headers[name] = value;
  }
  return headers;
}

async function readBody(response: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of response.setEncoding("utf8")) {
    body += chunk;
    if (body.length >= MAX_BODY_BYTES) break;
  }
  return body.slice(0, MAX_BODY_BYTES);
}
