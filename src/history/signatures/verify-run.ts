import { verify } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "#domain/errors.ts";
import { digestFiles } from "./digest-files.ts";
import { fingerprint, readPublicKey } from "./keys.ts";
import {
  type RunSignature,
  type SignedStatement,
  signatureFile,
  signedBytes,
} from "./run-signature.ts";

/** Whether the run is still what the owner of the key signed, and if not, every way in which it differs. */
export type Verification =
  | { readonly type: "intact"; readonly statement: SignedStatement }
  | { readonly type: "broken"; readonly problems: readonly string[] };

/** Checks the signature that the owner of this key left in the run's folder; trusts no key that lies there. */
export async function verifyRun(directory: string, keyFile: string): Promise<Verification> {
  const key = await readPublicKey(keyFile);
  const file = join(directory, signatureFile(fingerprint(key)));
  if (!existsSync(file)) {
    throw new UsageError("NOT_SIGNED", `The owner of ${keyFile} has not signed ${directory}.`, {
      hint: `Their signature would be ${file}. lastcall sign makes one.`,
    });
  }
  const signed = parseSignature(await readFile(file, "utf8"));
  if (signed === undefined) return broken([`${file} is not a signature of this format.`]);
  const { statement, signature } = signed;
  if (!verify(null, signedBytes(statement), key, Buffer.from(signature, "base64"))) {
    return broken([`The signature in ${file} does not belong to its statement.`]);
  }
  const problems = compareFiles(statement.files, await digestFiles(directory));
  return problems.length === 0 ? { type: "intact", statement } : broken(problems);
}

function broken(problems: readonly string[]): Verification {
  return { type: "broken", problems };
}

function parseSignature(text: string): RunSignature | undefined {
  try {
    const parsed = JSON.parse(text) as RunSignature; // the signature itself proves the rest of the shape
    return parsed.format === 1 && typeof parsed.signature === "string" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function compareFiles(
  signed: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): readonly string[] {
  const paths = [...new Set([...Object.keys(signed), ...Object.keys(found)])].toSorted();
  return paths.flatMap((path) => {
    if (found[path] === undefined) return [`${path} is missing.`];
    if (signed[path] === undefined) return [`${path} was added.`];
    return signed[path] === found[path] ? [] : [`${path} was changed.`];
  });
}
