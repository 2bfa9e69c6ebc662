import { ApiError } from "#embedded/api/api-error.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { applyConfig, type Conflict } from "#embedded/apiserver/apply/apply-config.ts";
import { describePath } from "#embedded/apiserver/apply/fields-v1.ts";
import { encodeManagers, type Writer } from "#embedded/apiserver/apply/managers.ts";
import { topologyOf } from "#embedded/apiserver/apply/topology.ts";
import { badRequest, notFound } from "#embedded/apiserver/status/refusals.ts";
import { storeKey } from "#embedded/apiserver/store/store.ts";
import { createObject, requireKind } from "./create-object.ts";
import { managersBeforeApply } from "./managed-fields.ts";
import { inServedVersion, type ObjectName } from "./read-objects.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource-definition.ts";
import { type ServerContext, timestamp } from "./server-context.ts";
import { replaceObject, type UpdatedPart } from "./update-object.ts";

/** A configuration that is to hold from now on, as `kubectl apply --server-side` sends it. */
export interface ApplyRequest extends ObjectName {
  readonly config: unknown;
  readonly fieldManager: string;
  /** Takes from others what they hold, instead of a 409. */
  readonly force: boolean;
  readonly part: UpdatedPart;
  readonly dryRun?: boolean;
  /** Sees an object that the configuration creates, before it is completed. */
  readonly onCreate?: (draft: KubeObject) => void;
  /** Sees the object before it is completed; returns what to take, or throws. */
  readonly inspect?: (merged: unknown) => unknown;
}

/** Creates the object or merges the configuration into it, and says which of both it did. */
export function applyObject(
  context: ServerContext,
  definition: ResourceDefinition,
  request: ApplyRequest,
): { readonly object: KubeObject; readonly created: boolean } {
  const { namespace, name, part, dryRun = false, inspect } = request;
  const config = requireConfig(definition, request);
  const stored = context.store.get(definition.collection, storeKey(namespace, name));
  const current = stored === undefined ? undefined : inServedVersion(definition, stored);
  if (current === undefined && part !== "main") throw notFound(definition, name);
  const writer: Writer = {
    name: request.fieldManager,
    operation: "Apply",
    apiVersion: apiVersionOf(definition),
    subresource: part === "main" ? "" : part,
  };
  const { object, managers } = merge(context, definition, { ...request, config, current, writer });
  const draft = requireKind(definition, inspect?.(object) ?? object);
  const authorship = { type: "apply", managedFields: encodeManagers(managers) } as const;
  if (current === undefined) {
    request.onCreate?.(draft);
    const created = createObject(context, definition, {
      ...{ namespace, object: draft, dryRun, authorship },
    });
    return { object: created, created: true };
  }
  const replacement = { current, draft, part, dryRun, authorship };
  return { object: replaceObject(context, definition, replacement), created: false };
}

interface Merge extends ApplyRequest {
  readonly config: KubeObject;
  readonly current: KubeObject | undefined;
  readonly writer: Writer;
}

function merge(
  context: ServerContext,
  definition: ResourceDefinition,
  { namespace, name, config, current, writer, force }: Merge,
) {
  const { apiVersion, kind } = config;
  const outcome = applyConfig({
    topology: topologyOf(definition),
    live: current ?? ({ apiVersion, kind, metadata: {} } as KubeObject), // completed by its creation
    managers: current === undefined ? [] : managersBeforeApply(context, definition, current),
    config,
    writer,
    force,
    time: timestamp(context.nowMs()),
  });
  switch (outcome.type) {
    case "applied":
      return outcome;
    case "conflicts":
      throw applyConflict(outcome.conflicts);
    case "misfit": {
      const place = namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
      const what = `failed to create typed patch object (${place}; ${apiVersion}, Kind=${kind})`;
      const [only, ...others] = outcome.problems;
      const why =
        others.length === 0
          ? only
          : `errors:\n${outcome.problems.map((one) => `  ${one}`).join("\n")}`;
      throw new ApiError(500, "", `${what}: ${why}`);
    }
  }
}

function requireConfig(definition: ResourceDefinition, request: ApplyRequest): KubeObject {
  const config = requireKind(definition, request.config);
  const { metadata } = config;
  if (metadata.managedFields !== undefined) throw badRequest("metadata.managedFields must be nil");
  metadata.name ??= request.name;
  if (metadata.name !== request.name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${request.name})`,
    );
  }
  const { namespace } = request;
  if (!definition.namespaced || namespace === undefined) return config;
  metadata.namespace ??= namespace;
  if (metadata.namespace === namespace) return config;
  throw badRequest(
    "the namespace of the provided object does not match the namespace sent on the request",
  );
}

/** 409: others hold what the configuration wants to be different. */
function applyConflict(conflicts: readonly Conflict[]): ApiError {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${describeManager(manager)}`,
    field: describePath(path),
  }));
  const [first] = causes;
  const message =
    causes.length === 1
      ? `1 conflict: ${first?.message}: ${first?.field}`
      : `${causes.length} conflicts: ${describeByManager(conflicts)}`;
  return new ApiError(409, "Conflict", `Apply failed with ${message}`, { causes });
}

function describeByManager(conflicts: readonly Conflict[]): string {
  const byManager = Map.groupBy(conflicts, ({ manager }) => describeManager(manager));
  return [...byManager]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([manager, theirs]) => [
      `conflicts with ${manager}:`,
      ...theirs.map(({ path }) => `- ${describePath(path)}`),
    ])
    .join("\n");
}

function describeManager({ name, operation, apiVersion, subresource }: Writer): string {
  const through = subresource === "" ? "" : ` with subresource "${subresource}"`;
  return `${JSON.stringify(name)}${through}${operation === "Update" ? ` using ${apiVersion}` : ""}`;
}
