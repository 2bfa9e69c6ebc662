import type { Cause } from "#advice/cause.ts";
import { gatherClues } from "#advice/clues.ts";
import type { Advice, Report } from "#domain/report.ts";
import { FAULTY_REPORTS } from "./faulty-reports.ts";

/** What one cause says of a report, when no other has spoken before it. */
export function ask(cause: Cause, report: Report): Advice | undefined {
  return cause(gatherClues(report))?.advice;
}

/** The report of a run with that fault alone. */
export function faulty(fault: string): Report {
  const build = FAULTY_REPORTS[fault];
  if (build === undefined) throw new TypeError(`No report is written out for ${fault}.`);
  return build();
}
