import { evictPod } from "#embedded/apiserver/eviction/evict-pod.ts";
import { isObject } from "#embedded/apiserver/json/copy-json.ts";
import { bindPod } from "#embedded/apiserver/registry/bind-pod.ts";
import { methodNotAllowed } from "#embedded/apiserver/status/refusals.ts";
import { sendJson } from "./exchange.ts";
import { readDocument } from "./request-body.ts";
import { deleteOptionsOf, isDryRun } from "./request-options.ts";
import type { ObjectRequest } from "./serve-resource.ts";

const CREATED = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };

/** Answers the scheduler: this pod goes to that node. */
export async function serveBinding(request: ObjectRequest): Promise<void> {
  const { serving, exchange, definition } = request;
  if (exchange.request.method !== "POST") throw methodNotAllowed();
  const binding = await readDocument(exchange.request);
  const dryRun = isDryRun(exchange.query);
  bindPod(serving.context, definition, { ...placeOf(request), binding, dryRun });
  sendJson(exchange.response, 201, CREATED);
}

/** Answers a request to move a pod away, if its disruption budget allows. */
export async function serveEviction(request: ObjectRequest): Promise<void> {
  const { serving, exchange, definition } = request;
  if (exchange.request.method !== "POST") throw methodNotAllowed();
  const eviction = await readDocument(exchange.request);
  const given = isObject(eviction) ? eviction["deleteOptions"] : undefined;
  const options = deleteOptionsOf(exchange.query, given ?? {});
  await evictPod(serving.context, definition, { ...placeOf(request), eviction, options });
  sendJson(exchange.response, 201, CREATED);
}

function placeOf({ target, name }: ObjectRequest) {
  return { namespace: target.namespace, name };
}
