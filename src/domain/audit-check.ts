import { fateOfKeys, mayHaveActed } from "./fate-of-keys.ts";
import type { Transaction } from "./transaction.ts";

/**
 * A rule that the workload's own data must keep, besides the effects of each transaction. What it is about
 * is read at `place`.
 */
export type AuditCheck = SumCheck | SetCheck | CounterCheck | QueueCheck;

/** By member names in the audit's answer, or by a query of its own where the audit is one. */
export type AuditPlace =
  | { readonly type: "path"; readonly names: readonly string[] }
  | { readonly type: "query"; readonly query: string };

/** What is only moved from one place to another: its total never changes. */
export interface SumCheck {
  readonly type: "sum";
  readonly name: string;
  readonly place: AuditPlace;
  /** Absent: what the total was before the load. */
  readonly equals?: number;
}

/** Each transaction leaves its key once: none is lost, doubled, or there without being asked for. */
export interface SetCheck {
  readonly type: "set";
  readonly name: string;
  readonly place: AuditPlace;
}

/** Each transaction adds one to what was there before the run. */
export interface CounterCheck {
  readonly type: "counter";
  readonly name: string;
  readonly place: AuditPlace;
  /** Absent: what the counter was before the load. */
  readonly from?: number;
}

/** Each transaction enqueues its key; at the place stands what was dequeued, once for each time it was. */
export interface QueueCheck {
  readonly type: "queue";
  readonly name: string;
  readonly place: AuditPlace;
  readonly delivery: "exactly-once" | "at-least-once";
  /** How long after the load the last message may take to come out. */
  readonly withinMs: number;
}

/** What the audit found at the place of one check. */
export interface AuditFinding {
  readonly check: string;
  readonly atMs: number;
  /** The total of a sum or the state of a counter; the keys of this run otherwise, one for each time it is there. */
  readonly found: number | readonly string[];
  /** The same number before the load; absent where keys are found. */
  readonly before?: number;
}

/** What a check makes of a finding. */
export interface CheckOutcome {
  /** Every breach of the rule, in a sentence each. */
  readonly breaches: readonly string[];
  /** Transactions whose answer was lost and that turned out to be there: no breach, and worth knowing. */
  readonly recovered: number;
}

/** Totals of fractions differ by the way they were added up; nothing of value is as small as this. */
const SMALLEST_DIFFERENCE = 1e-6;

/** `transactions` are those of the run that was audited. */
export function checkOutcome(
  check: AuditCheck,
  finding: AuditFinding,
  transactions: readonly Transaction[],
): CheckOutcome {
  switch (check.type) {
    case "sum":
      return { breaches: sumBreaches(check, finding), recovered: 0 };
    case "counter":
      return { breaches: counterBreaches(check, finding, transactions), recovered: 0 };
    case "set":
    case "queue":
      return keysOutcome(check, finding, transactions);
  }
}

function sumBreaches({ name, equals }: SumCheck, { found, before }: AuditFinding) {
  const wanted = equals ?? before;
  if (wanted === undefined) return [unknownBefore(name)];
  if (typeof found === "number" && Math.abs(found - wanted) < SMALLEST_DIFFERENCE) return [];
  const since = equals === undefined ? ", as it was before the load" : "";
  return [`${name}: the total is ${describe(found)}, and must be ${wanted}${since}.`];
}

/** What was acknowledged has counted; what broke off before any step was refused may have. */
function counterBreaches(
  check: CounterCheck,
  { found, before }: AuditFinding,
  transactions: readonly Transaction[],
): readonly string[] {
  const { name, from = before } = check;
  if (from === undefined) return [unknownBefore(name)];
  const least = from + transactions.filter(({ acknowledged }) => acknowledged).length;
  const most = from + transactions.filter(mayHaveActed).length;
  if (typeof found === "number" && found >= least && found <= most) return [];
  const allowed = least === most ? `${least}` : `from ${least} to ${most}`;
  return [`${name}: it is ${describe(found)}, and must be ${allowed}.`];
}

function keysOutcome(
  check: SetCheck | QueueCheck,
  { found }: AuditFinding,
  transactions: readonly Transaction[],
): CheckOutcome {
  const { name } = check;
  if (typeof found === "number")
    return { breaches: [`${name}: there is no list of keys.`], recovered: 0 };
  const { lost, repeated, unexpected, refused, recovered } = fateOfKeys(found, transactions);
  const words = check.type === "set" ? SET_WORDS : QUEUE_WORDS;
  const mayRepeat = check.type === "queue" && check.delivery === "at-least-once";
  const breaches = [
    ...lost.map((key) => `${key} ${words.lost}`),
    ...(mayRepeat ? [] : repeated.map(({ key, times }) => `${key} ${words.repeated(times)}`)),
    ...unexpected.map((key) => `${key} ${words.unexpected}`),
    ...refused.map((key) => `${key} ${words.refused}`),
  ].map((breach) => `${name}: ${breach}`);
  return { breaches, recovered: recovered.length };
}

const SET_WORDS = {
  lost: "was acknowledged and is lost.",
  repeated: (times: number) => `is there ${times} times.`,
  unexpected: "is there, and nobody asked for it.",
  refused: "is there, although it was refused.",
};

const QUEUE_WORDS = {
  lost: "was enqueued and never dequeued: it is lost.",
  repeated: (times: number) => `was dequeued ${times} times: it is duplicated.`,
  unexpected: "was dequeued and never enqueued: it is unexpected.",
  refused: "was dequeued, although it was refused: it is unexpected.",
};

function unknownBefore(name: string): string {
  return `${name}: what it was before the load is not known.`;
}

function describe(found: AuditFinding["found"]): string {
  return typeof found === "number" ? String(found) : "no number";
}
