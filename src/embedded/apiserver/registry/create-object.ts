import { randomUUID } from "node:crypto";
import { ApiError } from "#embedded/api/api-error.ts";
import type { KubeObject, ObjectMeta } from "#embedded/api/objects.ts";
import { requireNamespace } from "#embedded/apiserver/admission/namespace-lifecycle.ts";
import { requireQuota } from "#embedded/apiserver/admission/resource-quotas.ts";
import { copyJson, isObject } from "#embedded/apiserver/json/copy-json.ts";
import { alreadyExists, badRequest, invalidObject } from "#embedded/apiserver/status/refusals.ts";
import { keyOf } from "#embedded/apiserver/store/store.ts";
import { metadataProblems } from "#embedded/apiserver/validation/metadata-problems.ts";
import { required } from "#embedded/apiserver/validation/problem.ts";
import { type Authorship, managedFieldsAfter, withManagedFields } from "./managed-fields.ts";
import { randomSuffix } from "./random-suffix.ts";
import { inServedVersion } from "./read-objects.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource-definition.ts";
import { type ServerContext, timestamp } from "./server-context.ts";

/** A new object as its creator sent it, and where it is to go. */
export interface CreateRequest {
  readonly namespace?: string | undefined;
  readonly object: unknown;
  /** Everything is checked and filled in, nothing is stored. */
  readonly dryRun?: boolean;
  readonly authorship?: Authorship;
}

/** Admits, completes, validates and stores a new object. */
export function createObject(
  context: ServerContext,
  definition: ResourceDefinition,
  request: CreateRequest,
): KubeObject {
  const given = requireKind(definition, request.object);
  const draft = withNewMetadata(context, definition, given, request.namespace);
  const { metadata } = draft;
  if (definition.namespaced) requireNamespace(context, definition, metadata);
  const { rules } = definition;
  if (definition.hasStatus && !definition.takesFirstStatus) delete draft.status;
  rules.setDefaults?.(draft);
  const managedFields = managedFieldsAfter(context, definition, {
    draft,
    authorship: request.authorship,
  });
  draft.metadata = withManagedFields(metadata, managedFields);
  rules.prepareForCreate?.(draft, context);
  const problems = [
    ...metadataProblems(draft, definition),
    ...(rules.validate?.(draft) ?? []),
    ...(rules.validateCreate?.(draft) ?? []),
  ];
  if (problems.length > 0) throw invalidObject(definition, metadata.name, problems);
  requireQuota(context, definition, { draft });
  const stored = definition.conversion?.toStored(draft) ?? draft;
  const key = keyOf(stored);
  if (context.store.get(definition.collection, key) !== undefined) {
    throw alreadyExists(definition, metadata.name);
  }
  if (request.dryRun === true) return draft;
  return inServedVersion(definition, context.store.write(definition.collection, key, stored));
}

/** The body as an object of this resource; throws a 400 for a body of another kind. */
export function requireKind(definition: ResourceDefinition, body: unknown): KubeObject {
  const { kind } = definition;
  const apiVersion = apiVersionOf(definition);
  if (!isObject(body)) {
    throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  }
  const given = copyJson(body);
  const givenKind = given["kind"] ?? kind;
  const givenVersion = given["apiVersion"] ?? apiVersion;
  if (givenKind !== kind || givenVersion !== apiVersion) {
    throw badRequest(
      `${String(givenKind)} in version "${String(givenVersion)}" cannot be handled as a ${kind}: the API version in the data (${String(givenVersion)}) does not match the expected API version (${apiVersion})`,
    );
  }
  return { ...given, kind, apiVersion, metadata: requireMetadata(given) };
}

function requireMetadata(given: Record<string, unknown>): ObjectMeta {
  const metadata = given["metadata"] ?? {};
  if (!isObject(metadata)) throw badRequest("json: cannot unmarshal metadata into ObjectMeta");
  // An empty map or list of metadata is none: it is not served.
  const kept = Object.entries(metadata).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(kept) as unknown as ObjectMeta; // completed and validated by the callers
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function withNewMetadata(
  context: ServerContext,
  definition: ResourceDefinition,
  given: KubeObject,
  namespace: string | undefined,
): KubeObject {
  const { metadata } = given;
  if ((metadata.resourceVersion ?? "") !== "") {
    throw new ApiError(500, "", "resourceVersion should not be set on objects to be created");
  }
  if (definition.namespaced) {
    const given = metadata.namespace ?? "";
    if (given !== "" && namespace !== undefined && given !== namespace) {
      throw badRequest(
        "the namespace of the provided object does not match the namespace sent on the request",
      );
    }
    metadata.namespace = namespace ?? (given === "" ? "default" : given);
  } else {
    delete metadata.namespace;
  }
  if ((metadata.name ?? "") === "") {
    if ((metadata.generateName ?? "") === "") {
      throw invalidObject(definition, "", [
        required("metadata.name", "name or generateName is required"),
      ]);
    }
    metadata.name = generateName(context, definition, metadata);
  }
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.generation;
  metadata.uid = randomUUID();
  metadata.creationTimestamp = timestamp(context.nowMs());
  if (definition.tracksGeneration) metadata.generation = 1;
  return given;
}

const MAX_GENERATED_NAME_LENGTH = 63;

function generateName(
  context: ServerContext,
  definition: ResourceDefinition,
  { generateName: prefix = "", namespace }: ObjectMeta,
): string {
  for (let attempt = 0; attempt < 8; attempt++) {
    const suffix = randomSuffix(context.random);
    const name = prefix.slice(0, MAX_GENERATED_NAME_LENGTH - suffix.length) + suffix;
    const key = definition.namespaced ? `${namespace}/${name}` : name;
    if (context.store.get(definition.collection, key) === undefined) return name;
  }
  throw alreadyExists(definition, prefix);
}
