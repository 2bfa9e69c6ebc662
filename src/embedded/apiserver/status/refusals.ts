import { ApiError, type StatusDetails } from "#embedded/api/api-error.ts";
import type { Problem } from "#embedded/apiserver/validation/problem.ts";

/** As much of a resource as a refusal names. */
export interface ResourceName {
  readonly group: string;
  readonly plural: string;
}

/** `deployments.apps`, or `pods` in the core group. */
function qualified({ group, plural }: ResourceName): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** 404: the object is not there. */
export function notFound(resource: ResourceName, name: string): ApiError {
  const message = `${qualified(resource)} "${name}" not found`;
  return new ApiError(404, "NotFound", message, detailsOf(resource, name));
}

/** 404: the path leads nowhere. */
export function noSuchPath(): ApiError {
  return new ApiError(404, "NotFound", "the server could not find the requested resource", {});
}

/** 409: the name is taken. */
export function alreadyExists(resource: ResourceName, name: string): ApiError {
  const message = `${qualified(resource)} "${name}" already exists`;
  return new ApiError(409, "AlreadyExists", message, detailsOf(resource, name));
}

/** 409: somebody else wrote first. */
export function staleWrite(resource: ResourceName, name: string): ApiError {
  return conflict(
    resource,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );
}

/** 409: the object is not the one the caller means, or not in the state it expects. */
export function conflict(resource: ResourceName, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new ApiError(409, "Conflict", message, detailsOf(resource, name));
}

/** 422: the object itself is wrong; every problem is listed. */
export function invalidObject(
  { group, kind }: { readonly group: string; readonly kind: string },
  name: string,
  problems: readonly Problem[],
): ApiError {
  const sentences = problems.map(({ field, message }) => `${field}: ${message}`);
  const all = sentences.length === 1 ? sentences[0] : `[${sentences.join(", ")}]`;
  const subject = group === "" ? kind : `${kind}.${group}`;
  return new ApiError(422, "Invalid", `${subject} "${name}" is invalid: ${all}`, {
    name,
    ...(group === "" ? {} : { group }),
    kind,
    causes: problems.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

/** 403: understood and refused. */
export function forbiddenFor(
  resource: ResourceName,
  name: string,
  refusal: { readonly why: string; readonly causes?: NonNullable<StatusDetails["causes"]> },
): ApiError {
  const subject = name === "" ? qualified(resource) : `${qualified(resource)} "${name}"`;
  const details = detailsOf(resource, name);
  return new ApiError(403, "Forbidden", `${subject} is forbidden: ${refusal.why}`, {
    ...details,
    ...(refusal.causes === undefined ? {} : { causes: refusal.causes }),
  });
}

/** 400: the request makes no sense. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

/** 410: the past that was asked for is forgotten. */
export function expired(message: string): ApiError {
  return new ApiError(410, "Expired", message);
}

/** 406: the answer cannot have the form that the client wants. */
export function notAcceptable(possible: string): ApiError {
  return new ApiError(
    406,
    "NotAcceptable",
    `only the following media types are accepted: ${possible}`,
    {},
  );
}

/** 405: the resource has no such verb. */
export function methodNotAllowed(): ApiError {
  return new ApiError(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );
}

function detailsOf({ group, plural }: ResourceName, name: string): StatusDetails {
  return { ...(name === "" ? {} : { name }), ...(group === "" ? {} : { group }), kind: plural };
}
