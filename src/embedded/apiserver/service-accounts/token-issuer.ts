import { generateKeyPairSync, randomUUID, sign, verify } from "node:crypto";
import type { JsonObject } from "#embedded/apiserver/json/copy-json.ts";

/** Whom a token speaks for, and for how long. */
export interface TokenClaims {
  readonly namespace: string;
  readonly serviceAccount: ObjectIdentity;
  /** The token ends with this object: a pod or a secret. */
  readonly boundTo?: ObjectIdentity & { readonly kind: string };
  readonly audiences: readonly string[];
  /** Tells this token from all others; given when it is issued. */
  readonly id?: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/** Which object, and which of those that have had its name. */
export interface ObjectIdentity {
  readonly name: string;
  readonly uid: string;
}

/** What this server calls itself; tokens for anybody else do not open it. */
export const API_AUDIENCE = "https://kubernetes.default.svc.cluster.local";

/** Signs the tokens of service accounts with a key of its own, and knows them again. */
export interface TokenIssuer {
  issue(claims: TokenClaims): string;
  /** Undefined for a token that somebody else has written, or that has expired. */
  read(token: string, nowMs: number): TokenClaims | undefined;
  /** What others need to check a token: a JSON Web Key. */
  readonly publicKey: JsonObject;
}

/** An issuer whose key nobody else has, and which nobody remembers after the server has stopped. */
export function createTokenIssuer(): TokenIssuer {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const dsaEncoding = "ieee-p1363"; // as JWS wants it: the two numbers, without any wrapping
  const kid = randomUUID();
  return {
    publicKey: { use: "sig", alg: "ES256", kid, ...publicKey.export({ format: "jwk" }) },
    issue(claims) {
      const content = `${encode({ alg: "ES256", kid })}.${encode(payloadOf(claims))}`;
      const signature = sign("sha256", Buffer.from(content), { key: privateKey, dsaEncoding });
      return `${content}.${signature.toString("base64url")}`;
    },
    read(token, nowMs) {
      const [header, payload, signature, ...others] = token.split(".");
      if (payload === undefined || signature === undefined || others.length > 0) return undefined;
      const content = Buffer.from(`${header}.${payload}`);
      const bytes = Buffer.from(signature, "base64url");
      if (!verify("sha256", content, { key: publicKey, dsaEncoding }, bytes)) return undefined;
      const claims = claimsOf(JSON.parse(Buffer.from(payload, "base64url").toString()));
      return claims.expiresAtMs > nowMs ? claims : undefined;
    },
  };
}

interface Payload {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly serviceaccount: ObjectIdentity;
    readonly pod?: ObjectIdentity;
    readonly secret?: ObjectIdentity;
  };
}

function payloadOf(claims: TokenClaims): Payload & JsonObject {
  const { namespace, serviceAccount, boundTo, issuedAtMs, expiresAtMs } = claims;
  const issuedAt = Math.floor(issuedAtMs / 1000);
  const bound = boundTo && {
    [boundTo.kind.toLowerCase()]: { name: boundTo.name, uid: boundTo.uid },
  };
  return {
    aud: claims.audiences,
    exp: Math.floor(expiresAtMs / 1000),
    iat: issuedAt,
    iss: API_AUDIENCE,
    jti: randomUUID(),
    "kubernetes.io": { namespace, ...bound, serviceaccount: serviceAccount },
    nbf: issuedAt,
    sub: `system:serviceaccount:${namespace}:${serviceAccount.name}`,
  };
}

/** The payload was signed by this server, so it has the form that this server gave it. */
function claimsOf(payload: Payload): TokenClaims {
  const { namespace, serviceaccount, pod, secret } = payload["kubernetes.io"];
  const kind = pod === undefined ? "Secret" : "Pod";
  const bound = pod ?? secret;
  return {
    namespace,
    serviceAccount: serviceaccount,
    ...(bound === undefined ? {} : { boundTo: { kind, ...bound } }),
    audiences: payload.aud,
    id: payload.jti,
    issuedAtMs: payload.iat * 1000,
    expiresAtMs: payload.exp * 1000,
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
