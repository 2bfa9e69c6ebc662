import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ApiError } from "#embedded/api/api-error.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { userOfToken } from "#embedded/apiserver/service-accounts/request-token.ts";
import type { TokenIssuer } from "#embedded/apiserver/service-accounts/token-issuer.ts";

/** Who asks. Everybody whom the server knows may do all. */
export interface User {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

/** Paths that say whether the server lives; they tell nothing else, so anybody may ask. */
const OPEN_PATHS = new Set(["/healthz", "/livez", "/readyz", "/version", "/version/"]);

const ADMIN: User = {
  username: "kubernetes-admin",
  groups: ["system:masters", "system:authenticated"],
};
const ANONYMOUS: User = { username: "system:anonymous", groups: ["system:unauthenticated"] };

/** Tells who sends a request to a path; throws a 401 for nobody known. */
export type Authenticate = (request: IncomingMessage, path: string) => User;

/** Whose a token is; undefined for one that is nobody's. */
export type ReadToken = (token: string) => User | undefined;

/** Knows the kubeconfig's token, and those of service accounts that are still there. */
export function tokenReader(
  context: ServerContext,
  adminToken: string,
  tokens: TokenIssuer,
): ReadToken {
  return (token) => {
    if (sameSecret(token, adminToken)) return ADMIN;
    const claims = tokens.read(token, context.nowMs());
    return claims === undefined ? undefined : userOfToken(context, claims);
  };
}

/** Everybody needs a token of somebody, but for the open paths. */
export function authenticator(readToken: ReadToken): Authenticate {
  return (request, path) => {
    const user = readToken(/^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "");
    if (user !== undefined) return user;
    if (OPEN_PATHS.has(path)) return ANONYMOUS;
    throw new ApiError(401, "Unauthorized", "Unauthorized");
  };
}

function sameSecret(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
