import {
  type AuditCheck,
  type AuditFinding,
  type CheckOutcome,
  checkOutcome,
} from "#domain/audit-check.ts";
import type { Measurement } from "#domain/measurement.ts";
import type { Checker } from "./checker.ts";
import { EvidenceList } from "./evidence-list.ts";
import { PartTally } from "./part-tally.ts";
import { partAt, type RunFacts } from "./run-facts.ts";

/** How often does the workload's data break the rules that the scenario states for it? */
export const auditViolations: Checker = (facts) => ({
  finish: () => measure(facts),
});

/** What every check found, with the moment of its audit; undefined when none was asked or read. */
export function outcomesOf(
  facts: RunFacts,
): readonly (CheckOutcome & { readonly atMs: number })[] | undefined {
  const { audit, header } = facts.history;
  const checks = header.load.flatMap((stream) =>
    stream.type === "transactions" ? (stream.checks ?? []) : [],
  );
  if (audit?.type !== "read" || checks.length === 0) return undefined;
  return (audit.findings ?? []).flatMap((finding) => {
    const check = checks.find(({ name }) => name === finding.check);
    return check === undefined ? [] : [{ atMs: finding.atMs, ...outcomeOf(check, finding, facts) }];
  });
}

/** Held against the transactions of the repetition that was audited then. */
function outcomeOf(
  check: AuditCheck,
  finding: AuditFinding,
  { history, parts }: RunFacts,
): CheckOutcome {
  const part = partAt(parts, finding.atMs);
  const own = history.transactions.filter(({ startedAtMs }) => partAt(parts, startedAtMs) === part);
  return checkOutcome(check, finding, own);
}

function measure(facts: RunFacts): Measurement {
  const evidence = new EvidenceList();
  const tally = new PartTally(facts);
  const checked = outcomesOf(facts);
  for (const { atMs, breaches } of checked ?? []) {
    for (const breach of breaches) {
      evidence.note(breach);
      tally.add(atMs);
    }
  }
  const base = {
    metric: "audit-violations",
    sample: checked?.length ?? 0,
    doubts: [],
    evidence: evidence.toEvidence(),
  } as const;
  if (checked === undefined || checked.length === 0) {
    return {
      ...base,
      summary: "The scenario states no checks of its data, or they were not read.",
    };
  }
  const recovered = checked.reduce((sum, each) => sum + each.recovered, 0);
  const broken = checked.filter(({ breaches }) => breaches.length > 0).length;
  return {
    ...base,
    value: tally.worst,
    counts: [{ of: "audit checks", failures: broken, tried: checked.length }],
    summary: `${evidence.total} violations of ${broken} of ${checked.length} checks${tally.described}${describeRecovered(recovered)}`,
  };
}

function describeRecovered(recovered: number): string {
  return recovered === 0 ? "" : `; ${recovered} whose answer was lost turned out to be there`;
}
