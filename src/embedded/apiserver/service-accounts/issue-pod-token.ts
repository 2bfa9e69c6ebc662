import type { ResourceDefinition } from "#embedded/apiserver/registry/resource-definition.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { requestToken } from "./request-token.ts";
import type { TokenIssuer } from "./token-issuer.ts";

/** What a kubelet asks for: a token by which one pod speaks for a service account. */
export interface PodTokenWish {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly pod: { readonly name: string; readonly uid: string };
}

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
