import type { Transaction } from "./transaction.ts";

/**
 * A rule that the workload's own data must keep, besides the effects of each transaction. What it is
 * about stands in the audit's answer at `path`, a list of member names.
 */
export type AuditCheck =
  | {
      /** What is only moved from one place to another: its total never changes. */
      readonly type: "sum";
      readonly name: string;
      readonly path: readonly string[];
      readonly equals: number;
    }
  | {
      /** Each transaction leaves its key once: none is lost, doubled, or there without being asked for. */
      readonly type: "set";
      readonly name: string;
      readonly path: readonly string[];
    }
  | {
      /** Each transaction adds one to what was there before the run. */
      readonly type: "counter";
      readonly name: string;
      readonly path: readonly string[];
      readonly from: number;
    };

/** What the audit found at the path of one check. */
export interface AuditFinding {
  readonly check: string;
  readonly atMs: number;
  /** The total of a sum or the state of a counter; the keys of this run in a set, one for each time it is there. */
  readonly found: number | readonly string[];
}

/** Every breach of the rule, in a sentence each; `transactions` are those of the run that was audited. */
export function checkBreaches(
  check: AuditCheck,
  { found }: AuditFinding,
  transactions: readonly Transaction[],
): readonly string[] {
  switch (check.type) {
    case "sum":
      return found === check.equals
        ? []
        : [`${check.name}: the total is ${describe(found)}, and must be ${check.equals}.`];
    case "set":
      return typeof found === "number"
        ? [`${check.name}: there is no list of keys.`]
        : setBreaches(check.name, found, transactions);
    case "counter":
      return counterBreaches(check, found, transactions);
  }
}

function setBreaches(
  name: string,
  keys: readonly string[],
  transactions: readonly Transaction[],
): readonly string[] {
  const times = new Map<string, number>();
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  const known = new Set(transactions.map(({ key }) => key));
  return [
    ...transactions
      .filter(({ key, acknowledged }) => acknowledged && !times.has(key))
      .map(({ key }) => `${name}: ${key} was acknowledged and is lost.`),
    ...[...times].flatMap(([key, count]) => [
      ...(count > 1 ? [`${name}: ${key} is there ${count} times.`] : []),
      ...(known.has(key) ? [] : [`${name}: ${key} is there, and nobody asked for it.`]),
    ]),
  ];
}

/** What was acknowledged has counted; what broke off before any step was refused may have. */
function counterBreaches(
  { name, from }: Extract<AuditCheck, { type: "counter" }>,
  found: AuditFinding["found"],
  transactions: readonly Transaction[],
): readonly string[] {
  const least = from + transactions.filter(({ acknowledged }) => acknowledged).length;
  const most = from + transactions.filter(mayHaveCounted).length;
  if (typeof found === "number" && found >= least && found <= most) return [];
  const allowed = least === most ? `${least}` : `from ${least} to ${most}`;
  return [`${name}: it is ${describe(found)}, and must be ${allowed}.`];
}

function mayHaveCounted({ steps }: Transaction): boolean {
  return steps.some(({ outcome }) => outcome === "ok" || outcome === "indeterminate");
}

function describe(found: AuditFinding["found"]): string {
  return typeof found === "number" ? String(found) : "no number";
}
