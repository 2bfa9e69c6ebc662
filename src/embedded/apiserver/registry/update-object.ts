import type { KubeObject } from "#embedded/api/objects.ts";
import { requireQuota } from "#embedded/apiserver/admission/resource-quotas.ts";
import { copyJson } from "#embedded/apiserver/json/copy-json.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import {
  badRequest,
  conflict,
  invalidObject,
  staleWrite,
} from "#embedded/apiserver/status/refusals.ts";
import { keyOf } from "#embedded/apiserver/store/store.ts";
import { metadataProblems } from "#embedded/apiserver/validation/metadata-problems.ts";
import { forbidden, invalid } from "#embedded/apiserver/validation/problem.ts";
import { requireKind } from "./create-object.ts";
import { isRemovable } from "./is-removable.ts";
import { type Authorship, managedFieldsAfter, withManagedFields } from "./managed-fields.ts";
import { getObject, inServedVersion, type ObjectName } from "./read-objects.ts";
import type { PartRules, ResourceDefinition, SpecPart } from "./resource-definition.ts";
import type { ServerContext } from "./server-context.ts";

/** A whole object that is to take the place of the stored one. */
export interface UpdateRequest extends ObjectName {
  readonly object: unknown;
  readonly part: UpdatedPart;
  readonly dryRun?: boolean;
  readonly authorship?: Authorship;
}

/** What a request may change: everything but the status, the status only, a namespace's finalizers, or a part of a spec. */
export type UpdatedPart = "main" | "status" | "finalize" | SpecPart;

/** Replaces an object with the one given, as far as the caller may change it. */
export function updateObject(
  context: ServerContext,
  definition: ResourceDefinition,
  request: UpdateRequest,
): KubeObject {
  const draft = requireKind(definition, request.object);
  const name = draft.metadata.name ?? request.name;
  if (name !== request.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${request.name})`,
    );
  }
  const namespace = draft.metadata.namespace ?? "";
  if (definition.namespaced && namespace !== "" && namespace !== request.namespace) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  const current = getObject(context, definition, request);
  return replaceObject(context, definition, { ...request, draft, current });
}

/** What is stored, and what is to take its place. */
export interface Replacement {
  readonly current: KubeObject;
  /** Owned by the callee: it is completed in place. */
  readonly draft: KubeObject;
  readonly part: UpdatedPart;
  readonly dryRun?: boolean;
  readonly authorship?: Authorship | undefined;
}

/** The common end of update and patch. A write that changes nothing is not a write. */
export function replaceObject(
  context: ServerContext,
  definition: ResourceDefinition,
  { current, draft, part, dryRun = false, authorship }: Replacement,
): KubeObject {
  checkIdentity(definition, current, draft);
  keepServerMetadata(draft, current);
  if (part === "main") prepareMain(context, definition, { draft, current });
  else prepareSubresource(definition, { draft, current, part });
  partRules(definition, part)?.admit?.(draft, context);
  checkUpdate(definition, { draft, current, part });
  if (part === "main" || part === "resize") requireQuota(context, definition, { draft, current });
  const managedFields = managedFieldsAfter(context, definition, { current, draft, authorship });
  draft.metadata = withManagedFields(draft.metadata, managedFields);
  if (equalJson(draft, current)) return current;
  if (definition.tracksGeneration && part !== "status" && wantsSomethingElse(draft, current)) {
    draft.metadata.generation = (current.metadata.generation ?? 0) + 1;
  }
  shareUnchanged(draft, current);
  if (dryRun) return draft;
  const stored = definition.conversion?.toStored(draft) ?? draft;
  const key = keyOf(stored);
  // The last finalizer of an object under deletion is gone: this write is its removal.
  if (draft.metadata.deletionTimestamp !== undefined && isRemovable(draft)) {
    context.store.remove(definition.collection, key);
    return draft;
  }
  return inServedVersion(definition, context.store.write(definition.collection, key, stored));
}

function checkIdentity(
  definition: ResourceDefinition,
  { metadata: current }: KubeObject,
  { metadata: given }: KubeObject,
): void {
  if ((given.uid ?? "") !== "" && given.uid !== current.uid) {
    throw conflict(
      definition,
      current.name,
      `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${current.uid}`,
    );
  }
  const resourceVersion = given.resourceVersion ?? "";
  if (resourceVersion === "" || resourceVersion === "0") {
    if (definition.allowsUnconditionalUpdate) return;
    throw invalidObject(definition, current.name, [
      invalid("metadata.resourceVersion", 0, "must be specified for an update"),
    ]);
  }
  if (resourceVersion !== current.resourceVersion) throw staleWrite(definition, current.name);
}

/** These only the server writes; whatever the caller sent for them is dropped. */
function keepServerMetadata({ metadata: draft }: KubeObject, { metadata: old }: KubeObject): void {
  draft.name = old.name;
  draft.uid = old.uid;
  draft.creationTimestamp = old.creationTimestamp;
  draft.resourceVersion = old.resourceVersion;
  for (const field of [
    "namespace",
    "generateName",
    "generation",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
  ] as const) {
    if (old[field] === undefined) delete draft[field];
    else Object.assign(draft, { [field]: old[field] });
  }
}

function prepareMain(
  context: ServerContext,
  definition: ResourceDefinition,
  { draft, current }: { readonly draft: KubeObject; readonly current: KubeObject },
): void {
  if (definition.hasStatus) {
    if (current.status === undefined) delete draft.status;
    else draft.status = current.status;
  }
  definition.rules.setDefaults?.(draft);
  definition.rules.prepareForUpdate?.(draft, current, context);
}

/** Everything outside the named part stays what it was, owner references and finalizers included. */
function prepareSubresource(
  definition: ResourceDefinition,
  { draft, current, part }: Pick<Replacement, "draft" | "current" | "part">,
): void {
  const rules = partRules(definition, part);
  if (rules !== undefined) definition.rules.setDefaults?.(draft);
  const { status, metadata } = draft;
  const spec = rules === undefined ? draft.spec : rules.take(draft, current);
  for (const field of Object.keys(draft)) {
    if (!(field in current)) delete draft[field];
  }
  Object.assign(draft, current);
  if (part !== "status") {
    draft.spec = spec;
    draft.metadata = current.metadata;
    return;
  }
  if (status === undefined) delete draft.status;
  else draft.status = status;
  const { ownerReferences, finalizers } = current.metadata;
  draft.metadata = copyJson({ ...metadata, ownerReferences, finalizers }) as typeof metadata;
}

function checkUpdate(
  definition: ResourceDefinition,
  { draft, current, part }: Pick<Replacement, "draft" | "current" | "part">,
): void {
  const { metadata } = current;
  const added = (draft.metadata.finalizers ?? []).filter(
    (finalizer) => !(metadata.finalizers ?? []).includes(finalizer),
  );
  const problems = [...metadataProblems(draft, definition)];
  if (metadata.deletionTimestamp !== undefined && added.length > 0) {
    problems.push(
      forbidden(
        "metadata.finalizers",
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(", ")}}`,
      ),
    );
  }
  const rules = part === "main" ? definition.rules : partRules(definition, part);
  if (rules !== undefined) {
    problems.push(...(definition.rules.validate?.(draft) ?? []));
    problems.push(...(rules.validateUpdate?.(draft, current) ?? []));
  }
  if (part === "status")
    problems.push(...(definition.rules.validateStatus?.(draft, current) ?? []));
  if (problems.length > 0) throw invalidObject(definition, metadata.name, problems);
}

function partRules(definition: ResourceDefinition, part: UpdatedPart): PartRules | undefined {
  return definition.rules.parts?.[part as SpecPart];
}

function wantsSomethingElse(draft: KubeObject, current: KubeObject): boolean {
  const fields = new Set([...Object.keys(draft), ...Object.keys(current)]);
  fields.delete("metadata");
  fields.delete("status");
  if ([...fields].some((field) => !equalJson(draft[field], current[field]))) return true;
  // A Deployment's annotations reach its ReplicaSets, so they count as wanted state.
  return (
    draft.kind === "Deployment" &&
    !equalJson(draft.metadata.annotations ?? {}, current.metadata.annotations ?? {})
  );
}

/** Versions of one object share what they have in common; the event history stays small. */
function shareUnchanged(draft: KubeObject, current: KubeObject): void {
  for (const field of Object.keys(draft)) {
    if (field !== "metadata" && equalJson(draft[field], current[field])) {
      draft[field] = current[field];
    }
  }
}
