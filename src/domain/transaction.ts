import type { AuditFinding } from "./audit-check.ts";

/**
 * One business transaction of several requests, and what the ledger of the workload said about it
 * afterwards.
 */
export interface Transaction {
  /** The idempotency key that the workload stored it under. */
  readonly key: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly steps: readonly TransactionStep[];
  /** Every step was acknowledged to the client. */
  readonly acknowledged: boolean;
}

/** One request of a transaction; `exchange` is the `seq` of its exchange. */
export interface TransactionStep {
  readonly name: string;
  readonly exchange: number;
  readonly outcome: "ok" | "failed" | "indeterminate" | "not-started";
}

/** How often each effect of a transaction is found in the workload's own ledger; the right number is 1. */
export interface LedgerEntry {
  readonly key: string;
  readonly effects: Readonly<Record<string, number>>;
}

/**
 * What the audit made of a transaction. `committed` was acknowledged and is there once, with all its
 * effects. Of one whose answer was lost only the ledger knows the end: it is `resolved` when that end is
 * one that the client may have been told. `incomplete` was refused and left nothing that was not
 * acknowledged, which loses the order but no integrity. The rest is damage: `lost` was acknowledged and is
 * not there; `partial` has some of its effects and not others; `duplicated` has an effect twice; `phantom`
 * is in the ledger and was never asked for.
 */
export type TransactionClass =
  | "committed"
  | "resolved"
  | "incomplete"
  | "lost"
  | "partial"
  | "duplicated"
  | "phantom";

/** The audit's raw material: the ledger as read back after the load had drained, or why it could not be. */
export type Audit =
  | {
      readonly type: "read";
      readonly atMs: number;
      readonly entries: readonly LedgerEntry[];
      /** What the checks of the data found; absent where none are stated. */
      readonly findings?: readonly AuditFinding[];
    }
  | { readonly type: "unreadable"; readonly atMs: number; readonly reason: string };
