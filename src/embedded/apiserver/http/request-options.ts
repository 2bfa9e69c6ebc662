import { ApiError } from "#embedded/api/api-error.ts";
import { isObject } from "#embedded/apiserver/json/copy-json.ts";
import type { DeleteOptions } from "#embedded/apiserver/registry/delete-object.ts";
import type { ListRequest } from "#embedded/apiserver/registry/read-objects.ts";
import type { FieldValidation } from "#embedded/apiserver/schema/field-validation.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";

/** `dryRun=All` is the only dry run there is. */
export function isDryRun(query: URLSearchParams): boolean {
  const values = query.getAll("dryRun").filter((value) => value !== "");
  for (const value of values) {
    if (value === "All") continue;
    throw new ApiError(
      422,
      "Invalid",
      `CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: "${value}": supported values: "All"`,
      { group: "meta.k8s.io", kind: "CreateOptions" },
    );
  }
  return values.length > 0;
}

const DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/;

/** A client may say how long it will wait. Nothing here takes long, so it only has to be a duration as Go writes it. */
export function requireTimeout(query: URLSearchParams): void {
  const timeout = query.get("timeout") ?? "";
  if (timeout === "" || DURATION.test(timeout)) return;
  const why = `time: invalid duration ${JSON.stringify(timeout)}`;
  throw badRequest(`invalid timeout specified in the request URL - ${why}`);
}

/** What to do about unknown fields; to warn is what the server does unasked. */
export function fieldValidationOf(query: URLSearchParams): FieldValidation {
  const mode = query.get("fieldValidation");
  return mode === "Strict" || mode === "Ignore" ? mode : "Warn";
}

/** What a list or a watch selects, and where it starts. */
export function listRequestOf(query: URLSearchParams, namespace: string | undefined): ListRequest {
  const text = (name: string) => query.get(name) ?? "";
  const limit = text("limit") === "" ? 0 : Number(text("limit"));
  if (!Number.isInteger(limit))
    throw badRequest(`strconv.ParseInt: parsing "${text("limit")}": invalid syntax`);
  return {
    ...(namespace === undefined ? {} : { namespace }),
    labelSelector: text("labelSelector"),
    fieldSelector: text("fieldSelector"),
    limit,
    continueToken: text("continue"),
    resourceVersion: text("resourceVersion"),
    resourceVersionMatch: text("resourceVersionMatch"),
  };
}

const POLICIES = ["Background", "Foreground", "Orphan"] as const;

/** DeleteOptions come in the body or, when that is empty, in the query. */
export function deleteOptionsOf(query: URLSearchParams, body: unknown): DeleteOptions {
  const given = isObject(body) ? body : fromQuery(query);
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions } =
    given as Record<string, unknown>;
  const policy = POLICIES.find((known) => known === propagationPolicy);
  if (propagationPolicy !== undefined && propagationPolicy !== null && policy === undefined) {
    throw new ApiError(
      422,
      "Invalid",
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: ${JSON.stringify(propagationPolicy)}: supported values: "Foreground", "Background", "Orphan", "nil"`,
      { group: "meta.k8s.io", kind: "DeleteOptions" },
    );
  }
  const dryRun = Array.isArray(given["dryRun"]) && given["dryRun"].includes("All");
  return {
    dryRun: dryRun || isDryRun(query),
    ...(typeof gracePeriodSeconds === "number" ? { gracePeriodSeconds } : {}),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(typeof orphanDependents === "boolean" ? { orphanDependents } : {}),
    ...(isObject(preconditions) ? { preconditions } : {}),
  };
}

function fromQuery(query: URLSearchParams): Record<string, unknown> {
  const seconds = query.get("gracePeriodSeconds");
  const orphan = query.get("orphanDependents");
  const policy = query.get("propagationPolicy");
  return {
    ...(seconds === null ? {} : { gracePeriodSeconds: Number(seconds) }),
    ...(orphan === null ? {} : { orphanDependents: orphan === "true" }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
  };
}
