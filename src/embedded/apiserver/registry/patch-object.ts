import { ApiError } from "#embedded/api/api-error.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { copyJson } from "#embedded/apiserver/json/copy-json.ts";
import { applyJsonPatch } from "#embedded/apiserver/patch/json-patch.ts";
import { applyMergePatch } from "#embedded/apiserver/patch/merge-patch.ts";
import { applyStrategicMerge } from "#embedded/apiserver/patch/strategic-merge.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";
import { requireKind } from "./create-object.ts";
import type { Authorship } from "./managed-fields.ts";
import { getObject, type ObjectName } from "./read-objects.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import type { ServerContext } from "./server-context.ts";
import { replaceObject, type UpdatedPart } from "./update-object.ts";

/** A change to one object, in one of the three patch languages. */
export interface Patch {
  readonly type: "json" | "merge" | "strategic";
  readonly body: unknown;
}

/** A patch, and the object it is for. */
export interface PatchObjectRequest extends ObjectName {
  readonly patch: Patch;
  readonly part: UpdatedPart;
  readonly dryRun?: boolean;
  /** Sees the patched object before it is completed; returns what to take, or throws. */
  readonly inspect?: (patched: unknown) => unknown;
  readonly authorship?: Authorship;
}

/** Reads, patches and writes in one step, so a patch without a resourceVersion never conflicts. */
export function patchObject(
  context: ServerContext,
  definition: ResourceDefinition,
  { patch, part, dryRun = false, inspect, authorship, ...name }: PatchObjectRequest,
): KubeObject {
  const current = getObject(context, definition, name);
  const patched = applyPatch(definition, current, patch);
  const draft = requireKind(definition, inspect?.(patched) ?? patched);
  if (draft.metadata.name !== name.name) {
    throw badRequest(
      `the name of the object (${draft.metadata.name}) does not match the name on the URL (${name.name})`,
    );
  }
  return replaceObject(context, definition, { current, draft, part, dryRun, authorship });
}

/** The patched document; the one given stays as it is. */
export function applyPatch(
  definition: Pick<ResourceDefinition, "kind" | "isCustom">,
  target: unknown,
  { type, body }: Patch,
): unknown {
  switch (type) {
    case "json":
      return applyJsonPatch(target, body);
    case "merge":
      return applyMergePatch(copyJson(target), body);
    case "strategic":
      if (!definition.isCustom) {
        return applyStrategicMerge(definition.kind, copyJson(target), body);
      }
      throw new ApiError(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
        {},
      );
  }
}
