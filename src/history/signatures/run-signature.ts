/**
 * Who signed a run, what they decided, and over which bytes. It lies beside the files of the run, so that
 * signing changes none of them, and each signer has a file of their own:
 *
 *   signature-<first 16 digits of the key's fingerprint>.json
 */
export interface RunSignature {
  readonly format: 1;
  readonly statement: SignedStatement;
  /** Of the statement, as `JSON.stringify` writes it; Ed25519, base64. */
  readonly signature: string;
}

/** What the signer puts their name to. */
export interface SignedStatement {
  readonly run: string;
  readonly verdict: string;
  readonly signer: string;
  readonly decision: Decision;
  readonly comment: string;
  /** ISO 8601; the signer's own clock, which proves nothing. */
  readonly signedAt: string;
  /** SHA-256 of the public key, as hexadecimal digits. */
  readonly key: string;
  /** Every file of the run's folder but the signatures, by its path in it. */
  readonly files: Readonly<Record<string, string>>;
}

/** A release is let go, or it is not. */
export type Decision = "approve" | "reject";

const SIGNATURE_FILE = /^signature-[0-9a-f]{16}\.json$/;

/** By the key, so that each signer has one and finds only their own. */
export function signatureFile(key: string): string {
  return `signature-${key.slice(0, 16)}.json`;
}

/** Whether it is one that nobody signs: signatures lie beside each other. `path` counts from the run's folder. */
export function isSignatureFile(path: string): boolean {
  return SIGNATURE_FILE.test(path);
}

/** The bytes that are signed. */
export function signedBytes(statement: SignedStatement): Buffer {
  return Buffer.from(JSON.stringify(statement));
}
