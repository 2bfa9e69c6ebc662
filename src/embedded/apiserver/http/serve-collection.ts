import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject } from "#embedded/apiserver/json/copy-json.ts";
import { createObject, requireKind } from "#embedded/apiserver/registry/create-object.ts";
import { deleteCollection } from "#embedded/apiserver/registry/delete-collection.ts";
import { listObjects } from "#embedded/apiserver/registry/read-objects.ts";
import type { Verb } from "#embedded/apiserver/registry/resource-definition.ts";
import { methodNotAllowed, notAcceptable } from "#embedded/apiserver/status/refusals.ts";
import { chooseRepresentation } from "./accept.ts";
import { sendJson } from "./exchange.ts";
import { authorshipOf } from "./field-manager.ts";
import { greetCreator } from "./greet-creator.ts";
import { readObject } from "./read-object.ts";
import { representList, representObject, representStream } from "./represent.ts";
import { readDocument } from "./request-body.ts";
import { deleteOptionsOf, isDryRun, listRequestOf } from "./request-options.ts";
import type { ResourceRequest } from "./serve-resource.ts";
import { streamWatch } from "./watch-stream.ts";

/** Answers list, watch, create and deletecollection. */
export async function serveCollection(request: ResourceRequest): Promise<void> {
  const { definition, exchange } = request;
  const verb = verbOf(exchange.request.method, exchange.query);
  if (verb === undefined || !definition.verbs.includes(verb)) throw methodNotAllowed();
  switch (verb) {
    case "list":
      return serveList(request);
    case "watch":
      return serveWatch(request);
    case "create":
      return await serveCreate(request);
    case "deletecollection":
      return await serveDeleteCollection(request);
  }
}

type CollectionVerb = Extract<Verb, "list" | "watch" | "create" | "deletecollection">;

function verbOf(method: string | undefined, query: URLSearchParams): CollectionVerb | undefined {
  const watch = query.get("watch");
  switch (method) {
    case "GET":
      return watch === "true" || watch === "1" ? "watch" : "list";
    case "POST":
      return "create";
    case "DELETE":
      return "deletecollection";
    default:
      return undefined;
  }
}

function serveList({ serving, exchange, target, definition }: ResourceRequest): void {
  const { context } = serving;
  const list = listObjects(context, definition, listRequestOf(exchange.query, target.namespace));
  const presentation = { definition, exchange, nowMs: context.nowMs };
  sendJson(exchange.response, 200, representList(presentation, list));
}

function serveWatch({ serving, exchange, target, definition }: ResourceRequest): void {
  const show = representStream({ definition, exchange, nowMs: serving.context.nowMs });
  streamWatch(serving, exchange, { definition, namespace: target.namespace, show });
}

async function serveCreate({
  serving,
  exchange,
  target,
  definition,
}: ResourceRequest): Promise<void> {
  const { context } = serving;
  const object = await readObject(exchange, definition);
  if (definition.reviewAnswer !== undefined) {
    if (chooseRepresentation(exchange.request.headers.accept).type !== "json") {
      throw notAcceptable("application/json");
    }
    const review = requireKind(definition, object);
    const status = definition.reviewAnswer(exchange.user, review);
    return sendJson(exchange.response, 201, { ...review, status });
  }
  if (isObject(object)) {
    const draft = object as unknown as KubeObject; // it becomes one, or is refused, below
    greetCreator({ exchange, definition, draft });
  }
  const request = {
    ...{ namespace: target.namespace, object, dryRun: isDryRun(exchange.query) },
    authorship: authorshipOf(exchange, ""),
  };
  const created = createObject(context, definition, request);
  const presentation = { definition, exchange, nowMs: context.nowMs };
  sendJson(exchange.response, 201, representObject(presentation, created));
}

async function serveDeleteCollection({
  serving,
  exchange,
  target,
  definition,
}: ResourceRequest): Promise<void> {
  const { context } = serving;
  const options = deleteOptionsOf(exchange.query, await readDocument(exchange.request));
  const selection = listRequestOf(exchange.query, target.namespace);
  const items = await deleteCollection(context, definition, { selection, options });
  const resourceVersion = String(context.store.resourceVersion);
  const presentation = { definition, exchange, nowMs: context.nowMs };
  sendJson(exchange.response, 200, representList(presentation, { items, resourceVersion }));
}
