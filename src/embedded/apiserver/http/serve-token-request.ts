import { requestToken } from "#embedded/apiserver/service-accounts/request-token.ts";
import { methodNotAllowed } from "#embedded/apiserver/status/refusals.ts";
import { sendJson } from "./exchange.ts";
import { readDocument } from "./request-body.ts";
import type { ObjectRequest } from "./serve-resource.ts";

/** Answers who wants to speak for a service account. */
export async function serveTokenRequest(request: ObjectRequest): Promise<void> {
  const { serving, exchange, definition, target, name } = request;
  if (exchange.request.method !== "POST") throw methodNotAllowed();
  const body = await readDocument(exchange.request);
  const { context, tokens } = serving;
  const asked = { namespace: target.namespace, name, body, tokens };
  sendJson(exchange.response, 201, requestToken(context, definition, asked));
}
