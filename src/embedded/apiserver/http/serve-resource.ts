import { ApiError } from "#embedded/api/api-error.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { bindPod } from "#embedded/apiserver/registry/bind-pod.ts";
import { createObject } from "#embedded/apiserver/registry/create-object.ts";
import { deleteCollection } from "#embedded/apiserver/registry/delete-collection.ts";
import { deleteObject } from "#embedded/apiserver/registry/delete-object.ts";
import { type Patch, patchObject } from "#embedded/apiserver/registry/patch-object.ts";
import { getObject, listObjects } from "#embedded/apiserver/registry/read-objects.ts";
import {
  apiVersionOf,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import { getScale, patchScale, updateScale } from "#embedded/apiserver/registry/scale.ts";
import { type UpdatedPart, updateObject } from "#embedded/apiserver/registry/update-object.ts";
import { methodNotAllowed, noSuchPath } from "#embedded/apiserver/status/refusals.ts";
import { deletedStatus } from "#embedded/apiserver/status/status-body.ts";
import { type HttpExchange, type Serving, sendJson } from "./exchange.ts";
import { mediaTypeOf, readDocument } from "./request-body.ts";
import { deleteOptionsOf, isDryRun, listRequestOf } from "./request-options.ts";
import type { RequestTarget } from "./request-target.ts";
import { streamWatch } from "./watch-stream.ts";

/** One request to one resource: the exchange, and what its path points at. */
export interface ResourceRequest {
  readonly serving: Serving;
  readonly exchange: HttpExchange;
  readonly target: RequestTarget;
  readonly definition: ResourceDefinition;
}

/** Answers a request to a collection, to an object, or to one of the subresources they share. */
export async function serveResource(request: ResourceRequest): Promise<void> {
  const { target, definition } = request;
  const { name, subresource } = target;
  if (name === undefined) return await serveCollection(request);
  const named = { ...request, name };
  if (subresource === undefined) return await serveObject(named, "main");
  if (subresource === "status" && definition.hasStatus) return await serveObject(named, "status");
  if (subresource === "scale" && definition.hasScale) return await serveScale(named);
  if (subresource === "finalize" && definition.collection === "/namespaces") {
    return await serveObject(named, "finalize");
  }
  if (subresource === "binding" && definition.collection === "/pods")
    return await serveBinding(named);
  throw noSuchPath();
}

type NamedRequest = ResourceRequest & { readonly name: string };

async function serveCollection(request: ResourceRequest): Promise<void> {
  const { serving, exchange, target, definition } = request;
  const { query, response } = exchange;
  const { namespace } = target;
  const { context } = serving;
  switch (exchange.request.method) {
    case "GET": {
      if (query.get("watch") === "true" || query.get("watch") === "1") {
        return streamWatch(serving, exchange, { definition, namespace, show: (object) => object });
      }
      const list = listObjects(context, definition, listRequestOf(query, namespace));
      return sendJson(response, 200, {
        kind: `${definition.kind}List`,
        apiVersion: apiVersionOf(definition),
        metadata: {
          resourceVersion: list.resourceVersion,
          ...(list.continueToken === undefined
            ? {}
            : { continue: list.continueToken, remainingItemCount: list.remainingItemCount }),
        },
        items: list.items.map((object) => asListItem(definition, object)),
      });
    }
    case "POST": {
      const object = await readDocument(exchange.request);
      const dryRun = isDryRun(query);
      return sendJson(
        response,
        201,
        createObject(context, definition, { namespace, object, dryRun }),
      );
    }
    case "DELETE": {
      const options = deleteOptionsOf(query, await readDocument(exchange.request));
      const selection = listRequestOf(query, namespace);
      const items = deleteCollection(context, definition, { selection, options });
      return sendJson(response, 200, {
        kind: `${definition.kind}List`,
        apiVersion: apiVersionOf(definition),
        metadata: { resourceVersion: String(context.store.resourceVersion) },
        items: items.map((object) => asListItem(definition, object)),
      });
    }
    default:
      throw methodNotAllowed();
  }
}

async function serveObject(request: NamedRequest, part: UpdatedPart): Promise<void> {
  const { serving, exchange, target, definition, name } = request;
  const { query, response } = exchange;
  const { context } = serving;
  const { namespace } = target;
  switch (exchange.request.method) {
    case "GET":
      return sendJson(response, 200, getObject(context, definition, { namespace, name }));
    case "PUT": {
      const object = await readDocument(exchange.request);
      const update = { namespace, name, object, part, dryRun: isDryRun(query) };
      return sendJson(response, 200, updateObject(context, definition, update));
    }
    case "PATCH": {
      const patch = await readPatch(exchange);
      const update = { namespace, name, patch, part, dryRun: isDryRun(query) };
      return sendJson(response, 200, patchObject(context, definition, update));
    }
    case "DELETE":
      if (part === "main") return await serveDelete(request);
      throw methodNotAllowed();
    default:
      throw methodNotAllowed();
  }
}

async function serveDelete({
  serving,
  exchange,
  target,
  definition,
  name,
}: NamedRequest): Promise<void> {
  const options = deleteOptionsOf(exchange.query, await readDocument(exchange.request));
  const place = { namespace: target.namespace, name };
  const { object, removed } = deleteObject(serving.context, definition, { ...place, options });
  if (!removed || definition.returnsDeleted) return sendJson(exchange.response, 200, object);
  const { group, plural } = definition;
  const details = {
    name,
    ...(group === "" ? {} : { group }),
    kind: plural,
    uid: object.metadata.uid,
  };
  sendJson(exchange.response, 200, deletedStatus(details));
}

async function serveScale(request: NamedRequest): Promise<void> {
  const { serving, exchange, target, definition, name } = request;
  const { context } = serving;
  const place = { namespace: target.namespace, name, dryRun: isDryRun(exchange.query) };
  switch (exchange.request.method) {
    case "GET":
      return sendJson(exchange.response, 200, getScale(context, definition, place));
    case "PUT": {
      const scale = await readDocument(exchange.request);
      return sendJson(
        exchange.response,
        200,
        updateScale(context, definition, { ...place, scale }),
      );
    }
    case "PATCH": {
      const patch = await readPatch(exchange);
      return sendJson(exchange.response, 200, patchScale(context, definition, { ...place, patch }));
    }
    default:
      throw methodNotAllowed();
  }
}

async function serveBinding({
  serving,
  exchange,
  target,
  definition,
  name,
}: NamedRequest): Promise<void> {
  if (exchange.request.method !== "POST") throw methodNotAllowed();
  const binding = await readDocument(exchange.request);
  const place = { namespace: target.namespace, name, dryRun: isDryRun(exchange.query) };
  bindPod(serving.context, definition, { ...place, binding });
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
  sendJson(exchange.response, 201, status);
}

const PATCH_TYPES: Readonly<Record<string, Patch["type"]>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
};

async function readPatch({ request }: HttpExchange): Promise<Patch> {
  const type = PATCH_TYPES[mediaTypeOf(request)];
  if (type !== undefined) return { type, body: await readDocument(request) };
  const accepted = Object.keys(PATCH_TYPES).join(", ");
  throw new ApiError(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    {},
  );
}

/** Items of a typed list do not repeat kind and apiVersion; those of a custom one do. */
function asListItem({ isCustom }: ResourceDefinition, object: KubeObject): unknown {
  if (isCustom) return object;
  const { kind: _kind, apiVersion: _apiVersion, ...item } = object;
  return item;
}
