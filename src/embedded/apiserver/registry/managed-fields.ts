import type { KubeObject, ObjectMeta } from "#embedded/api/objects.ts";
import {
  decodeManagers,
  encodeManagers,
  type Manager,
} from "#embedded/apiserver/apply/managers.ts";
import { topologyOf } from "#embedded/apiserver/apply/topology.ts";
import { trackUpdate } from "#embedded/apiserver/apply/track-update.ts";
import type { JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource-definition.ts";
import { type ServerContext, timestamp } from "./server-context.ts";

/**
 * Whom `metadata.managedFields` names for a write: the client that updates, or what an apply has found out.
 *
 * An object remembers its writers from the first time that a client from outside creates or applies it.
 * What the cluster's own parts create, and nobody else ever applies, does without: nobody would ask.
 */
export type Authorship =
  | { readonly type: "update"; readonly fieldManager: string; readonly subresource: string }
  | { readonly type: "apply"; readonly managedFields: readonly JsonObject[] };

/** The managed fields of an object after a write; undefined when it does not remember its writers. */
export function managedFieldsAfter(
  context: ServerContext,
  definition: ResourceDefinition,
  write: {
    readonly current?: KubeObject;
    readonly draft: KubeObject;
    readonly authorship: Authorship | undefined;
  },
): readonly unknown[] | undefined {
  const { current, draft, authorship } = write;
  const before = current?.metadata.managedFields;
  if (authorship === undefined) return before;
  if (authorship.type === "apply") return authorship.managedFields;
  // Whoever writes the whole object may also correct who owns what in it.
  const given = decodeManagers(draft.metadata.managedFields);
  const managers = given ?? decodeManagers(before) ?? [];
  if (current !== undefined && managers.length === 0) return undefined;
  const { fieldManager: name, subresource } = authorship;
  const apiVersion = apiVersionOf(definition);
  const after = trackUpdate({
    topology: topologyOf(definition),
    ...(current === undefined ? {} : { before: current }),
    after: draft,
    managers: current === undefined ? [] : managers,
    writer: { name, operation: "Update", apiVersion, subresource },
    time: timestamp(context.nowMs()),
  });
  return encodeManagers(after);
}

/** The same metadata with other managed fields. */
export function withManagedFields(
  metadata: ObjectMeta,
  managedFields: readonly unknown[] | undefined,
): ObjectMeta {
  const { managedFields: _before, ...others } = metadata;
  return managedFields === undefined || managedFields.length === 0
    ? others
    : { ...others, managedFields };
}

/** Who has to be asked before an apply: without memory, everything belongs to those who came before. */
export function managersBeforeApply(
  context: ServerContext,
  definition: ResourceDefinition,
  current: KubeObject,
): readonly Manager[] {
  const managers = decodeManagers(current.metadata.managedFields) ?? [];
  if (managers.length > 0) return managers;
  return trackUpdate({
    topology: topologyOf(definition),
    after: current,
    managers: [],
    writer: {
      name: "before-first-apply",
      operation: "Update",
      apiVersion: apiVersionOf(definition),
      subresource: "",
    },
    time: timestamp(context.nowMs()),
  });
}
