import type { Advice, Report } from "#domain/report.ts";
import type { Cause } from "./cause.ts";
import { closesListenerEarly } from "./closes-listener-early.ts";
import { exitsAtOnce } from "./exits-at-once.ts";
import { halfCommits } from "./half-commits.ts";
import { ignoresSigterm } from "./ignores-sigterm.ts";

/** The causes, the more specific before the more general: the first one explains the failures best. */
const CAUSES: readonly Cause[] = [ignoresSigterm, halfCommits, exitsAtOnce, closesListenerEarly];

/** Every cause that left traces in the report, best explanation first. */
export function advise(report: Report): readonly Advice[] {
  return CAUSES.map((cause) => cause(report)).filter((advice) => advice !== undefined);
}
