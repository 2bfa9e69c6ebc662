import type { Advice, Report } from "#domain/report.ts";

/** One way in which a shutdown goes wrong: looks for its own traces in a report and names the change. */
export type Cause = (report: Report) => Advice | undefined;
