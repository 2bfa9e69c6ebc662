import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ApiError } from "#embedded/api/api-error.ts";

/** Paths that say whether the server lives; they tell nothing else, so anybody may ask. */
const OPEN_PATHS = new Set(["/healthz", "/livez", "/readyz", "/version", "/version/"]);

/** Refuses everybody who does not carry the kubeconfig's token. There is one user, who may do all. */
export function authenticate(request: IncomingMessage, path: string, token: string): void {
  if (OPEN_PATHS.has(path)) return;
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  if (sameSecret(given, token)) return;
  throw new ApiError(401, "Unauthorized", "Unauthorized");
}

function sameSecret(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
