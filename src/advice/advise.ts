import type { Advice, Report } from "#domain/report.ts";
import type { Cause } from "./cause.ts";
import { gatherClues, without } from "./clues.ts";
import { ENDING_CAUSES } from "./ending/ending-causes.ts";
import { IN_FLIGHT_CAUSES } from "./in-flight/in-flight-causes.ts";
import { LEDGER_CAUSES } from "./ledger/ledger-causes.ts";
import { NEW_CONNECTIONS_CAUSES } from "./new-connections/new-connections-causes.ts";
import { OPEN_CONNECTIONS_CAUSES } from "./open-connections/open-connections-causes.ts";
import { PACE_CAUSES } from "./pace/pace-causes.ts";
import { SETTINGS_CAUSES } from "./settings/settings-causes.ts";

/**
 * The more specific and more damaging before the more general: each explains its failures, and the next
 * sees what is left. So the first that speaks is the reason.
 */
const CAUSES: readonly Cause[] = [
  ...LEDGER_CAUSES,
  ...ENDING_CAUSES,
  ...IN_FLIGHT_CAUSES,
  ...NEW_CONNECTIONS_CAUSES,
  ...OPEN_CONNECTIONS_CAUSES,
  ...PACE_CAUSES,
  ...SETTINGS_CAUSES,
];

/** Every cause that left traces in the report, best explanation first, and hints after all causes. */
export function advise(report: Report): readonly Advice[] {
  const found: Advice[] = [];
  let clues = gatherClues(report);
  for (const cause of CAUSES) {
    const finding = cause(clues);
    if (finding === undefined) continue;
    found.push(isVoid(report) ? { ...finding.advice, confidence: "possible" } : finding.advice);
    clues = without(clues, finding);
  }
  return found.toSorted((a, b) => Number(a.hint === true) - Number(b.hint === true));
}

/** A run that proves nothing, not even a failure, proves no cause either. */
function isVoid({ voids = [] }: Report): boolean {
  return voids.length > 0;
}
