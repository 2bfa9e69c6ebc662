import type { Authorship } from "#embedded/apiserver/registry/managed-fields.ts";
import { invalidObject } from "#embedded/apiserver/status/refusals.ts";
import { forbidden, invalid, required } from "#embedded/apiserver/validation/problem.ts";
import type { HttpExchange } from "./exchange.ts";

const LONGEST_NAME = 128;
const PATCH_OPTIONS = { group: "meta.k8s.io", kind: "PatchOptions" } as const;

/** Who updates: as the client says, or else the name of its program. */
export function authorshipOf(exchange: HttpExchange, subresource: string): Authorship {
  const given = fieldManagerOf(exchange);
  const program = (exchange.request.headers["user-agent"] ?? "").split("/", 1)[0] ?? "";
  const fieldManager = given === "" ? program.slice(0, LONGEST_NAME) || "unknown" : given;
  return { type: "update", fieldManager, subresource };
}

/** Who applies, which it has to say. */
export function requireFieldManager(exchange: HttpExchange): string {
  const given = fieldManagerOf(exchange);
  if (given !== "") return given;
  throw invalidObject(PATCH_OPTIONS, "", [required("fieldManager", "is required for apply patch")]);
}

/** Only an apply can be forced. */
export function refuseForce({ query }: HttpExchange): void {
  if (!query.has("force")) return;
  throw invalidObject(PATCH_OPTIONS, "", [
    forbidden("force", "may not be specified for non-apply patch"),
  ]);
}

function fieldManagerOf({ query }: HttpExchange): string {
  const name = query.get("fieldManager") ?? "";
  if (name.length <= LONGEST_NAME) return name;
  throw invalidObject(PATCH_OPTIONS, "", [
    invalid("fieldManager", name, `may not be longer than ${LONGEST_NAME} characters`),
  ]);
}
