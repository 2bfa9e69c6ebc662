import type { ResourceDefinition } from "#embedded/apiserver/registry/resource-definition.ts";
import { validateFields } from "#embedded/apiserver/schema/field-validation.ts";
import { type HttpExchange, warn } from "./exchange.ts";
import { readWholeBody } from "./request-body.ts";
import { fieldValidationOf } from "./request-options.ts";

/** The object in a request's body with the fields its type has; warns or refuses as the client asked. */
export async function readObject(
  { request, response, query }: HttpExchange,
  definition: ResourceDefinition,
): Promise<unknown> {
  const mode = fieldValidationOf(query);
  const { document: body, duplicateFields } = await readWholeBody(request);
  const duplicates = mode === "Ignore" ? [] : duplicateFields();
  const { document, warnings } = validateFields(definition, body, {
    ...{ mode, isPatch: false, duplicates },
  });
  warn(response, warnings);
  return document;
}

/** The same for what a patch makes of an object. */
export function inspectPatched(
  { response, query }: HttpExchange,
  definition: ResourceDefinition,
): (patched: unknown) => unknown {
  const mode = fieldValidationOf(query);
  return (patched) => {
    const { document, warnings } = validateFields(definition, patched, { mode, isPatch: true });
    warn(response, warnings);
    return document;
  };
}
