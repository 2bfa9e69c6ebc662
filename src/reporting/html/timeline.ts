import type { Report } from "#domain/report.ts";
import type { MarkBundle } from "./mark-bundles.ts";
import type { TimeScale } from "./time-scale.ts";

/** What the timeline is drawn from. `bundles` are numbered: mark 3 is `#mark-3`. */
export interface Timeline {
  readonly report: Report;
  readonly scale: TimeScale;
  readonly bundles: readonly MarkBundle[];
}
