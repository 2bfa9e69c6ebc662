import type { KubeObject } from "#embedded/api/objects.ts";
import { deleteObject } from "#embedded/apiserver/registry/delete-object.ts";
import { patchObject } from "#embedded/apiserver/registry/patch-object.ts";
import { getObject } from "#embedded/apiserver/registry/read-objects.ts";
import type { Verb } from "#embedded/apiserver/registry/resource-definition.ts";
import { type UpdatedPart, updateObject } from "#embedded/apiserver/registry/update-object.ts";
import { methodNotAllowed } from "#embedded/apiserver/status/refusals.ts";
import { deletedStatus } from "#embedded/apiserver/status/status-body.ts";
import { sendJson } from "./exchange.ts";
import { inspectPatched, readObject } from "./read-object.ts";
import { readPatch } from "./read-patch.ts";
import { representObject } from "./represent.ts";
import { readDocument } from "./request-body.ts";
import { deleteOptionsOf, isDryRun } from "./request-options.ts";
import type { ObjectRequest } from "./serve-resource.ts";

/** Answers get, update, patch and delete of an object, or of the named part of it. */
export async function serveObject(request: ObjectRequest, part: UpdatedPart): Promise<void> {
  const { serving, exchange, target, definition, name } = request;
  const { context } = serving;
  const verb = VERBS[exchange.request.method ?? ""];
  if (verb === undefined || !definition.verbs.includes(verb)) throw methodNotAllowed();
  const place = { namespace: target.namespace, name };
  const send = (object: KubeObject) => {
    const presentation = { definition, exchange, nowMs: context.nowMs };
    sendJson(exchange.response, 200, representObject(presentation, object));
  };
  const write = { ...place, part, dryRun: isDryRun(exchange.query) };
  switch (verb) {
    case "get":
      return send(getObject(context, definition, place));
    case "update": {
      const object = await readObject(exchange, definition);
      return send(updateObject(context, definition, { ...write, object }));
    }
    case "patch": {
      const patch = await readPatch(exchange);
      const inspect = inspectPatched(exchange, definition);
      return send(patchObject(context, definition, { ...write, patch, inspect }));
    }
    case "delete":
      if (part !== "main") throw methodNotAllowed();
      return await serveDelete(request);
  }
}

const VERBS: Readonly<Record<string, Extract<Verb, "get" | "update" | "patch" | "delete">>> = {
  GET: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

async function serveDelete({
  serving,
  exchange,
  target,
  definition,
  name,
}: ObjectRequest): Promise<void> {
  const options = deleteOptionsOf(exchange.query, await readDocument(exchange.request));
  const place = { namespace: target.namespace, name };
  const { object, removed } = await deleteObject(serving.context, definition, {
    ...place,
    options,
  });
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
