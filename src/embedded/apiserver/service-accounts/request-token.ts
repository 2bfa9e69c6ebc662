import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { getObject, type ObjectName } from "#embedded/apiserver/registry/read-objects.ts";
import type { ResourceDefinition } from "#embedded/apiserver/registry/resource-definition.ts";
import { type ServerContext, timestamp } from "#embedded/apiserver/registry/server-context.ts";
import { badRequest, conflict, invalidObject } from "#embedded/apiserver/status/refusals.ts";
import { storeKey } from "#embedded/apiserver/store/store.ts";
import { invalid, notSupported } from "#embedded/apiserver/validation/problem.ts";
import { API_AUDIENCE, type TokenClaims, type TokenIssuer } from "./token-issuer.ts";

const TOKEN_REQUEST = { group: "authentication.k8s.io", kind: "TokenRequest" } as const;
const DEFAULT_SECONDS = 3_600;
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 2 ** 32;

/** Answers `kubectl create token`: the request, with the token in its status. */
export function requestToken(
  context: ServerContext,
  serviceAccounts: ResourceDefinition,
  request: ObjectName & { readonly body: unknown; readonly tokens: TokenIssuer },
): JsonObject {
  const { namespace = "", name, body, tokens } = request;
  const account = getObject(context, serviceAccounts, { namespace, name });
  if (!isObject(body))
    throw badRequest("the object provided is unrecognized (must be TokenRequest)");
  const spec = isObject(body["spec"]) ? body["spec"] : {};
  const seconds = spec["expirationSeconds"] ?? DEFAULT_SECONDS;
  requireDuration(seconds);
  const given = spec["audiences"];
  const audiences = Array.isArray(given) && given.length > 0 ? given.map(String) : [API_AUDIENCE];
  const issuedAtMs = context.nowMs();
  const claims: TokenClaims = {
    namespace,
    serviceAccount: { name, uid: account.metadata.uid },
    ...boundObject(context, { namespace, name, reference: spec["boundObjectRef"] }),
    audiences,
    issuedAtMs,
    expiresAtMs: issuedAtMs + Number(seconds) * 1000,
  };
  return {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace, creationTimestamp: timestamp(issuedAtMs) },
    spec: {
      ...spec,
      audiences,
      expirationSeconds: seconds,
      boundObjectRef: spec["boundObjectRef"] ?? null,
    },
    status: { token: tokens.issue(claims), expirationTimestamp: timestamp(claims.expiresAtMs) },
  };
}

/** Whom a valid token speaks for; undefined when its account, or what it is bound to, is not there any more. */
export function userOfToken(
  { store }: ServerContext,
  { namespace, serviceAccount, boundTo, audiences, id }: TokenClaims,
): AccountUser | undefined {
  if (!audiences.includes(API_AUDIENCE)) return undefined;
  const { name, uid } = serviceAccount;
  const account = store.get("/serviceaccounts", storeKey(namespace, name));
  if (account?.metadata.uid !== uid) return undefined;
  const bound =
    boundTo && store.get(COLLECTIONS[boundTo.kind] ?? "", storeKey(namespace, boundTo.name));
  if (bound?.metadata.uid !== boundTo?.uid) return undefined;
  const pod = boundTo?.kind === "Pod" ? (bound as Pod | undefined) : undefined;
  const nodeName = pod?.spec.nodeName ?? "";
  const node = store.get("/nodes", nodeName);
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
  return {
    username: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: [...groups, "system:authenticated"],
    extra: extraOf({
      "credential-id": id === undefined ? undefined : `JTI=${id}`,
      ...{ "pod-name": pod?.metadata.name, "pod-uid": pod?.metadata.uid },
      ...{ "node-name": node?.metadata.name, "node-uid": node?.metadata.uid },
    }),
  };
}

/** A service account, in the words of a TokenReview. */
interface AccountUser {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  /** Which token it was, and which pod on which node has it. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

function extraOf(values: Readonly<Record<string, string | undefined>>): AccountUser["extra"] {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [`authentication.kubernetes.io/${name}`, [String(value)]]),
  );
}

const COLLECTIONS: Readonly<Record<string, string>> = { Pod: "/pods", Secret: "/secrets" };

function boundObject(
  { store }: ServerContext,
  {
    namespace,
    name,
    reference,
  }: { readonly namespace: string; readonly name: string; readonly reference: unknown },
): Pick<TokenClaims, "boundTo"> {
  if (!isObject(reference)) return {};
  const kind = String(reference["kind"]);
  const collection = COLLECTIONS[kind];
  if (collection === undefined) {
    const field = "spec.boundObjectRef.kind";
    throw invalidObject(TOKEN_REQUEST, name, [notSupported(field, kind, Object.keys(COLLECTIONS))]);
  }
  const bound = String(reference["name"]);
  const object: KubeObject | undefined = store.get(collection, storeKey(namespace, bound));
  const uid = reference["uid"] ?? object?.metadata.uid;
  if (object === undefined || object.metadata.uid !== uid) {
    const accounts = { group: "", plural: "serviceaccounts" };
    const why = `the UID in the bound object reference (${String(uid ?? "")}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict(accounts, name, why);
  }
  return { boundTo: { kind, name: bound, uid: object.metadata.uid } };
}

function requireDuration(seconds: unknown): void {
  const field = "spec.expirationSeconds";
  const problem =
    Number(seconds) < SHORTEST_SECONDS
      ? invalid(field, seconds, "may not specify a duration less than 10 minutes")
      : Number(seconds) > LONGEST_SECONDS
        ? invalid(field, seconds, "may not specify a duration larger than 2^32 seconds")
        : undefined;
  if (problem !== undefined) throw invalidObject(TOKEN_REQUEST, "", [problem]);
}
