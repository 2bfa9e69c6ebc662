import { sign } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { UsageError } from "#domain/errors.ts";
import { digestFiles } from "./digest-files.ts";
import { fingerprint, readPrivateKey } from "./keys.ts";
import {
  type Decision,
  type RunSignature,
  type SignedStatement,
  signatureFile,
  signedBytes,
} from "./run-signature.ts";

/** What a person says of a run; the rest of the statement follows from the run. */
export interface SignOff {
  /** PEM file with an Ed25519 private key. */
  readonly key: string;
  readonly signer: string;
  readonly decision: Decision;
  readonly comment: string;
  readonly signedAt: string;
}

/** Signs every file of a judged run; returns the path of the signature. One key signs a run once. */
export async function signRun(directory: string, signOff: SignOff): Promise<string> {
  const key = await readPrivateKey(signOff.key);
  const file = join(directory, signatureFile(fingerprint(key)));
  if (existsSync(file)) {
    throw new UsageError("SIGNED_ALREADY", `This key has signed ${directory} already: ${file}.`, {
      hint: "A decision is not changed in silence: remove that file yourself if it was a mistake.",
    });
  }
  const statement: SignedStatement = {
    run: basename(resolve(directory)),
    verdict: await readVerdict(directory),
    signer: signOff.signer,
    decision: signOff.decision,
    comment: signOff.comment,
    signedAt: signOff.signedAt,
    key: fingerprint(key),
    files: await digestFiles(directory),
  };
  const signature = sign(null, signedBytes(statement), key).toString("base64");
  const signed: RunSignature = { format: 1, statement, signature };
  await writeFile(file, `${JSON.stringify(signed, undefined, 2)}\n`, { flag: "wx" });
  return file;
}

async function readVerdict(directory: string): Promise<string> {
  try {
    const result: unknown = JSON.parse(await readFile(join(directory, "result.json"), "utf8"));
    if (typeof result === "object" && result !== null && "verdict" in result)
      return String(result.verdict);
  } catch (cause) {
    throw unjudged(directory, cause);
  }
  throw unjudged(directory);
}

function unjudged(directory: string, cause?: unknown): UsageError {
  return new UsageError("NOT_JUDGED", `There is no verdict to sign in ${directory}.`, {
    hint: "Give the folder of a judged run: it holds a result.json.",
    cause,
  });
}
