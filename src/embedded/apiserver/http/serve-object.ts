import type { KubeObject } from "#embedded/api/objects.ts";
import { applyObject } from "#embedded/apiserver/registry/apply-object.ts";
import { deleteObject } from "#embedded/apiserver/registry/delete-object.ts";
import { patchObject } from "#embedded/apiserver/registry/patch-object.ts";
import { getObject } from "#embedded/apiserver/registry/read-objects.ts";
import type { Verb } from "#embedded/apiserver/registry/resource-definition.ts";
import { type UpdatedPart, updateObject } from "#embedded/apiserver/registry/update-object.ts";
import { badRequest, methodNotAllowed } from "#embedded/apiserver/status/refusals.ts";
import { deletedStatus } from "#embedded/apiserver/status/status-body.ts";
import { type HttpExchange, sendJson, warn } from "./exchange.ts";
import { authorshipOf, refuseForce, requireFieldManager } from "./field-manager.ts";
import { greetCreator } from "./greet-creator.ts";
import { inspectPatched, readObject } from "./read-object.ts";
import { isApply, readPatch } from "./read-patch.ts";
import { representObject } from "./represent.ts";
import { readDocument, readWholeBody } from "./request-body.ts";
import { deleteOptionsOf, fieldValidationOf, isDryRun } from "./request-options.ts";
import type { ObjectRequest } from "./serve-resource.ts";

/** Answers get, update, patch and delete of an object, or of the named part of it. */
export async function serveObject(request: ObjectRequest, part: UpdatedPart): Promise<void> {
  const { serving, exchange, target, definition, name } = request;
  const { context } = serving;
  const verb = VERBS[exchange.request.method ?? ""];
  if (verb === undefined || !definition.verbs.includes(verb)) throw methodNotAllowed();
  const place = { namespace: target.namespace, name };
  const send = (object: KubeObject) => sendObject(request, object);
  switch (verb) {
    case "get":
      return send(getObject(context, definition, place));
    case "update": {
      const object = await readObject(exchange, definition);
      const authorship = authorshipOf(exchange, part === "main" ? "" : part);
      const dryRun = isDryRun(exchange.query);
      return send(
        updateObject(context, definition, { ...place, part, object, dryRun, authorship }),
      );
    }
    case "patch":
      return await servePatch(request, part);
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

async function servePatch(request: ObjectRequest, part: UpdatedPart): Promise<void> {
  const { serving, exchange, target, definition, name } = request;
  const write = {
    ...{ namespace: target.namespace, name, part, dryRun: isDryRun(exchange.query) },
    inspect: inspectPatched(exchange, definition),
  };
  if (isApply(exchange)) {
    const { object, created } = applyObject(serving.context, definition, {
      ...write,
      fieldManager: requireFieldManager(exchange),
      force: exchange.query.get("force") === "true",
      config: await readApplied(exchange),
      onCreate: (draft) => greetCreator({ exchange, definition, draft }),
    });
    return sendObject(request, object, created ? 201 : 200);
  }
  refuseForce(exchange);
  const patch = await readPatch(exchange);
  const authorship = authorshipOf(exchange, part === "main" ? "" : part);
  const patched = patchObject(serving.context, definition, { ...write, patch, authorship });
  sendObject(request, patched);
}

/** A configuration; unknown fields are found when it is applied, repeated ones only in its text. */
async function readApplied({ request, response, query }: HttpExchange): Promise<unknown> {
  const { document, duplicateFields } = await readWholeBody(request);
  const mode = fieldValidationOf(query);
  const repeated = mode === "Ignore" ? [] : duplicateFields();
  if (mode === "Warn") warn(response, repeated);
  else if (repeated.length > 0) throw badRequest(`error strict decoding YAML: ${repeated[0]}`);
  return document;
}

function sendObject(
  { serving, exchange, definition }: ObjectRequest,
  object: KubeObject,
  code = 200,
): void {
  const presentation = { definition, exchange, nowMs: serving.context.nowMs };
  sendJson(exchange.response, code, representObject(presentation, object));
}

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
