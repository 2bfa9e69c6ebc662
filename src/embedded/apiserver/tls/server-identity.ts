import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { Der } from "./der.ts";

/** What a TLS server shows, and the authority that lets a client believe it. All in PEM. */
export interface ServerIdentity {
  readonly ca: string;
  readonly certificate: string;
  readonly privateKey: string;
}

const ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
const DAY_MS = 86_400_000;

/**
 * A new authority and a server certificate for some IPv4 addresses. The authority's key is forgotten at
 * once, so this certificate is the only one it will ever have signed.
 */
export function createServerIdentity(addresses: readonly string[], nowMs: number): ServerIdentity {
  const authority = keyPair();
  const server = keyPair();
  const issuer = {
    name: "lastcall-embedded-ca",
    key: authority.privateKey,
    keyId: idOf(authority),
  };
  const ca = certificate(issuer, {
    name: issuer.name,
    publicKey: authority.publicKey,
    nowMs,
    extensions: [
      // A CA; its key may sign certificates.
      extension("2.5.29.19", Der.sequence(Der.boolean(true)), true),
      extension("2.5.29.15", Der.bits(Buffer.of(0x04), 2), true),
      extension("2.5.29.14", Der.octets(issuer.keyId)),
    ],
  });
  const leaf = certificate(issuer, {
    name: "kube-apiserver",
    publicKey: server.publicKey,
    nowMs,
    extensions: [
      // Digital signatures, for server authentication, at these addresses.
      extension("2.5.29.15", Der.bits(Buffer.of(0x80), 7), true),
      extension("2.5.29.37", Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))),
      extension("2.5.29.17", Der.sequence(...subjectsOf(addresses))),
      extension("2.5.29.35", Der.sequence(Der.implicit(0, issuer.keyId))),
    ],
  });
  const privateKey = server.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { ca, certificate: leaf, privateKey };
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function keyPair(): KeyPair {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function idOf({ publicKey }: KeyPair): Buffer {
  return createHash("sha1")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest();
}

interface Issuer {
  readonly name: string;
  readonly key: KeyObject;
  readonly keyId: Buffer;
}

interface Subject {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly nowMs: number;
  readonly extensions: readonly Buffer[];
}

function certificate(issuer: Issuer, { name, publicKey, nowMs, extensions }: Subject): string {
  const toBeSigned = Der.sequence(
    Der.explicit(0, Der.integer(Buffer.of(2))),
    Der.integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer.name),
    Der.sequence(Der.utcTime(nowMs - DAY_MS), Der.utcTime(nowMs + 365 * DAY_MS)),
    distinguishedName(name),
    publicKey.export({ type: "spki", format: "der" }),
    Der.explicit(3, Der.sequence(...extensions)),
  );
  const signature = sign("sha256", toBeSigned, issuer.key);
  const der = Der.sequence(toBeSigned, ECDSA_WITH_SHA256, Der.bits(signature));
  const lines = der.toString("base64").replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string): Buffer {
  return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(commonName))));
}

function extension(oid: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [Der.boolean(true)] : [];
  return Der.sequence(Der.oid(oid), ...flag, Der.octets(value));
}

/** The addresses themselves, and the names under which pods and clients know an API server. */
function subjectsOf(addresses: readonly string[]): readonly Buffer[] {
  const names = [
    ...["kubernetes", "kubernetes.default", "kubernetes.default.svc"],
    ...["kubernetes.default.svc.cluster.local", "localhost"],
  ];
  return [
    ...addresses.map((address) => Der.implicit(7, Buffer.from(address.split(".").map(Number)))),
    ...names.map((name) => Der.implicit(2, Buffer.from(name))),
  ];
}
