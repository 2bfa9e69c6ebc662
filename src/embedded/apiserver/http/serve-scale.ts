import { getScale, patchScale, updateScale } from "#embedded/apiserver/registry/scale.ts";
import { methodNotAllowed } from "#embedded/apiserver/status/refusals.ts";
import { sendJson } from "./exchange.ts";
import { authorshipOf } from "./field-manager.ts";
import { readPatch } from "./read-patch.ts";
import { readDocument } from "./request-body.ts";
import { isDryRun } from "./request-options.ts";
import type { ObjectRequest } from "./serve-resource.ts";

/** Answers get, update and patch of a workload's replica count. */
export async function serveScale(request: ObjectRequest): Promise<void> {
  const { serving, exchange, target, definition, name } = request;
  const { context } = serving;
  const { response } = exchange;
  const place = {
    ...{ namespace: target.namespace, name, dryRun: isDryRun(exchange.query) },
    authorship: authorshipOf(exchange, "scale"),
  };
  switch (exchange.request.method) {
    case "GET":
      return sendJson(response, 200, getScale(context, definition, place));
    case "PUT": {
      const scale = await readDocument(exchange.request);
      return sendJson(response, 200, updateScale(context, definition, { ...place, scale }));
    }
    case "PATCH": {
      const patch = await readPatch(exchange);
      return sendJson(response, 200, patchScale(context, definition, { ...place, patch }));
    }
    default:
      throw methodNotAllowed();
  }
}
