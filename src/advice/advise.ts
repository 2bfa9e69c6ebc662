import type { Advice, Report } from "#domain/report.ts";
import type { Cause, Finding } from "./cause.ts";
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

/** They differ only in which requests they cost, so their number says which of two faults is the greater. */
const COUNTED: ReadonlySet<Cause> = new Set([
  ...IN_FLIGHT_CAUSES,
  ...NEW_CONNECTIONS_CAUSES,
  ...OPEN_CONNECTIONS_CAUSES,
]);

/** Who explains so much less than another is not the reason, only the more specific. */
const FAR_MORE = 5;

/** Every cause that left traces in the report, best explanation first, and hints after all causes. */
export function advise(report: Report): readonly Advice[] {
  const found: Found[] = [];
  let clues = gatherClues(report);
  for (const cause of CAUSES) {
    const finding = cause(clues);
    if (finding === undefined) continue;
    found.push({ ...finding, cause });
    clues = without(clues, finding);
  }
  const advice = greaterFirst(found).map((finding) => finding.advice);
  return advice
    .map((each): Advice => (isVoid(report) ? { ...each, confidence: "possible" } : each))
    .toSorted((a, b) => Number(a.hint === true) - Number(b.hint === true));
}

interface Found extends Finding {
  readonly cause: Cause;
}

/** A few requests of a special kind do not go before the many that were lost for a plainer reason. */
function greaterFirst(found: readonly Found[]): readonly Found[] {
  const counted = found.filter(({ cause }) => COUNTED.has(cause));
  const most = Math.max(0, ...counted.map(weightOf));
  const isMinor = (each: Found) => COUNTED.has(each.cause) && FAR_MORE * weightOf(each) <= most;
  const last = found.findLastIndex(({ cause }) => COUNTED.has(cause));
  const losses = found.slice(0, last + 1);
  return [
    ...losses.filter((each) => !isMinor(each)),
    ...losses.filter(isMinor),
    ...found.slice(last + 1),
  ];
}

/** Requests, or the long-lived connections whose messages were all answered. */
function weightOf({ explains, advice }: Found): number {
  return Math.max(explains.length, advice.evidence.total);
}

/** A run that proves nothing, not even a failure, proves no cause either. */
function isVoid({ voids = [] }: Report): boolean {
  return voids.length > 0;
}
