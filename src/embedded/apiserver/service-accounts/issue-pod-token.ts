import type { PodTokenWish } from "#embedded/api/pod-token-wish.ts";
import type { ResourceDefinition } from "#embedded/apiserver/registry/resource-definition.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { requestToken } from "./request-token.ts";
import type { TokenIssuer } from "./token-issuer.ts";

/** A TokenRequest of the cluster's own; it ends with its pod. */
export function issuePodToken(
  context: ServerContext,
  serviceAccounts: ResourceDefinition,
  { wish, tokens }: { readonly wish: PodTokenWish; readonly tokens: TokenIssuer },
): string {
  const { namespace, serviceAccount, pod, audiences, expirationSeconds } = wish;
  const boundObjectRef = { kind: "Pod", apiVersion: "v1", ...pod };
  const body = { spec: { audiences, expirationSeconds, boundObjectRef } };
  const request = { namespace, name: serviceAccount, body, tokens };
  const { token } = requestToken(context, serviceAccounts, request)["status"] as { token: string };
  return token;
}
