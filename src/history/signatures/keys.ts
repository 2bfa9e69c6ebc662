import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { UsageError } from "#domain/errors.ts";

const HOW_TO_MAKE_ONE =
  "openssl genpkey -algorithm ed25519 -out key.pem makes a key, and openssl pkey -in key.pem -pubout -out key.pub.pem what others check it with.";

/** The signer's key, from a PEM file. */
export async function readPrivateKey(path: string): Promise<KeyObject> {
  return await readKey(path, { what: "private", parse: createPrivateKey });
}

/** The key that a signature is checked with; a private key holds it too. */
export async function readPublicKey(path: string): Promise<KeyObject> {
  return await readKey(path, { what: "public", parse: createPublicKey });
}

/** SHA-256 of the public key: the same for both halves. */
export function fingerprint(key: KeyObject): string {
  const shared = key.type === "private" ? createPublicKey(key) : key;
  return createHash("sha256")
    .update(shared.export({ type: "spki", format: "der" }))
    .digest("hex");
}

async function readKey(
  path: string,
  { what, parse }: { readonly what: string; readonly parse: (pem: string) => KeyObject },
): Promise<KeyObject> {
  let key: KeyObject;
  try {
    key = parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new UsageError("NO_KEY", `Could not read an Ed25519 ${what} key from ${path}.`, {
      hint: HOW_TO_MAKE_ONE,
      cause,
    });
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new UsageError("WRONG_KEY", `The key in ${path} is of type ${key.asymmetricKeyType}.`, {
    hint: `Signatures of runs are made with Ed25519. ${HOW_TO_MAKE_ONE}`,
  });
}
