import type { IncomingMessage, ServerResponse } from "node:http";
import type { ResourceCatalog } from "#embedded/apiserver/registry/resource-catalog.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import type { TokenIssuer } from "#embedded/apiserver/service-accounts/token-issuer.ts";
import { statusOf } from "#embedded/apiserver/status/status-body.ts";
import type { Authenticate, User } from "./authentication.ts";

/** One HTTP request on its way through the server. */
export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly user: User;
}

/** What the handlers work on, the same for every request. */
export interface Serving {
  readonly context: ServerContext;
  readonly catalog: ResourceCatalog;
  /** Shared with the kubelets: proves to them that it is the API server who asks. */
  readonly clusterSecret: string;
  readonly authenticate: Authenticate;
  readonly tokens: TokenIssuer;
  /** Aborted when the server stops: ends the streams that would otherwise go on. */
  readonly stopping: AbortSignal;
}

/** Answers with a whole JSON body, ended by a line feed as Kubernetes' own encoder ends it. */
export function sendJson(response: ServerResponse, code: number, body: unknown): void {
  sendText(response, code, `${JSON.stringify(body)}\n`, "application/json");
}

/** Answers with a whole body of any type. */
export function sendText(
  response: ServerResponse,
  code: number,
  text: string,
  contentType = "text/plain; charset=utf-8",
): void {
  const body = Buffer.from(text);
  response.writeHead(code, { "content-type": contentType, "content-length": body.length });
  response.end(body);
}

/** Sentences that kubectl prints before the answer, after those that it has been given already. */
export function warn(response: ServerResponse, sentences: readonly string[]): void {
  if (sentences.length === 0) return;
  const headers = sentences.map((sentence) => `299 - ${JSON.stringify(sentence)}`);
  for (const header of headers) response.appendHeader("warning", asHeader(header));
}

/** Sentences of users may be of any script: Go sends UTF-8, and Node takes one character for each byte. */
function asHeader(text: string): string {
  return Buffer.from(text.replaceAll("\x7f", "")).toString("latin1");
}

/** Answers with a Status; on a stream that has already begun nothing but the end is left to say. */
export function sendRefusal(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  const status = statusOf(error);
  const seconds = (status["details"] as { retryAfterSeconds?: number } | undefined)
    ?.retryAfterSeconds;
  if (seconds !== undefined && seconds > 0) response.setHeader("retry-after", String(seconds));
  sendJson(response, status.code, status);
}
