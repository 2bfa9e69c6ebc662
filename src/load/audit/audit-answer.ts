import type { AuditCheck } from "#domain/audit-check.ts";
import type { AuditSource } from "#domain/audit-source.ts";
import type { LedgerEntry } from "#domain/transaction.ts";

/** Where the transactions of one stream are found, and how their keys are told from those of the others. */
export interface LedgerSource {
  readonly source: AuditSource;
  readonly checks: readonly AuditCheck[];
  readonly keyPrefix: string;
  readonly otherPrefixes: readonly string[];
}

/** What one reading saw, all of it at the same instant. */
export interface AuditAnswer {
  readonly entries: readonly LedgerEntry[];
  /** What stands at the place of each check, in their order. */
  readonly values: readonly unknown[];
}

/** How long one reading may take. */
export const ANSWER_WITHIN_MS = 10_000;

/** A path or query for this run; the prefix is made of letters, digits and dashes, and cannot end a text in SQL. */
export function withPrefix(template: string, keyPrefix: string): string {
  return template.replaceAll("{{prefix}}", keyPrefix);
}
