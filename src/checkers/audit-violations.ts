import { type AuditCheck, type AuditFinding, checkBreaches } from "#domain/audit-check.ts";
import type { Measurement } from "#domain/measurement.ts";
import type { Checker } from "./checker.ts";
import { EvidenceList } from "./evidence-list.ts";
import { PartTally } from "./part-tally.ts";
import { partAt, type RunFacts } from "./run-facts.ts";

/** How often does the workload's data break the rules that the scenario states for it? */
export const auditViolations: Checker = (facts) => ({
  finish: () => measure(facts),
});

/** Every breach of every check, with the moment of its audit; undefined when none was asked or read. */
export function breachesOf(
  facts: RunFacts,
): readonly { readonly atMs: number; readonly breaches: readonly string[] }[] | undefined {
  const { audit, header } = facts.history;
  const checks = header.load.flatMap((stream) =>
    stream.type === "transactions" ? (stream.checks ?? []) : [],
  );
  if (audit?.type !== "read" || checks.length === 0) return undefined;
  return (audit.findings ?? []).flatMap((finding) => {
    const check = checks.find(({ name }) => name === finding.check);
    return check === undefined
      ? []
      : [{ atMs: finding.atMs, breaches: breached(check, finding, facts) }];
  });
}

/** Held against the transactions of the repetition that was audited then. */
function breached(
  check: AuditCheck,
  finding: AuditFinding,
  { history, parts }: RunFacts,
): readonly string[] {
  const part = partAt(parts, finding.atMs);
  const own = history.transactions.filter(({ startedAtMs }) => partAt(parts, startedAtMs) === part);
  return checkBreaches(check, finding, own);
}

function measure(facts: RunFacts): Measurement {
  const evidence = new EvidenceList();
  const tally = new PartTally(facts.parts);
  const checked = breachesOf(facts);
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
  const broken = checked.filter(({ breaches }) => breaches.length > 0).length;
  return {
    ...base,
    value: tally.worst,
    counts: [{ of: "audit checks", failures: broken, tried: checked.length }],
    summary: `${evidence.total} violations of ${broken} of ${checked.length} checks${tally.described}`,
  };
}
