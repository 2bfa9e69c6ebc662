import { ApiError } from "#embedded/api/api-error.ts";
import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import {
  apiVersionOf,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import { badRequest, invalidObject } from "#embedded/apiserver/status/refusals.ts";
import { invalid } from "#embedded/apiserver/validation/problem.ts";
import { type Conformance, conform } from "./conform.ts";
import { pruneBySchema } from "./prune-by-schema.ts";
import { findKind } from "./type-table.ts";

/** What happens to a field that the API does not know; it is dropped in any case. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";

/** A request's body, reduced to known fields. */
export interface ValidatedFields {
  readonly document: unknown;
  /** One sentence for each unknown or repeated field; the client prints them. */
  readonly warnings: readonly string[];
}

interface FieldValidationRequest {
  readonly mode: FieldValidation;
  /** Whether the document is what a patch made of an object. */
  readonly isPatch: boolean;
  /** A sentence for each field that the text gave more than once. */
  readonly duplicates?: readonly string[];
}

/** Drops what the resource's type does not have, warns of it, or refuses it, as the client wishes. */
export function validateFields(
  definition: ResourceDefinition,
  document: unknown,
  { mode, isPatch, duplicates = [] }: FieldValidationRequest,
): ValidatedFields {
  const read = readerOf(definition);
  if (read === undefined || !isObject(document)) return { document, warnings: [] };
  const { document: conforming, unknownFields } = conformOrExplain(definition, () =>
    read(document),
  );
  const unknown = unknownFields.map((path) => `unknown field "${path}"`);
  // A custom resource is pruned after it was read; types are read field by field.
  const warnings = definition.isCustom ? [...duplicates, ...unknown] : [...unknown, ...duplicates];
  if (mode === "Ignore") return { document: conforming, warnings: [] };
  if (mode === "Warn" || warnings.length === 0) return { document: conforming, warnings };
  const sentence = `strict decoding error: ${warnings.join(", ")}`;
  if (!isPatch) throw badRequest(`${subjectOf(definition)}: ${sentence}`);
  throw invalidObject({ group: "", kind: "" }, "", [invalid("patch", document, sentence)]);
}

/** By the type table, or by the schema of a custom resource; undefined for what nobody has described. */
function readerOf(
  definition: ResourceDefinition,
): ((document: JsonObject) => Conformance) | undefined {
  const { isCustom, schema, kind } = definition;
  if (isCustom) return schema && ((document) => pruneBySchema(schema, document));
  const type = findKind(apiVersionOf(definition), kind);
  return type && ((document) => conform(type, document));
}

function conformOrExplain<T>(definition: ResourceDefinition, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw badRequest(`${subjectOf(definition)}: ${error.message}`);
  }
}

function subjectOf({ kind, version }: ResourceDefinition): string {
  return `${kind} in version "${version}" cannot be handled as a ${kind}`;
}
