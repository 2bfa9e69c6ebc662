import type { FailureMark, TimelineFacts } from "#domain/report.ts";
import { bundleMarks, type MarkBundle } from "./mark-bundles.ts";
import { slowMarks } from "./slow-marks.ts";
import { type TimeScale, timeScaleOf } from "./time-scale.ts";

/** What the timeline is drawn from. `bundles` are numbered: mark 3 is `#mark-3`. */
export interface Timeline {
  readonly report: TimelineFacts;
  readonly scale: TimeScale;
  /** Until when the run has come, where it goes on: nothing is drawn after it. */
  readonly nowMs?: number;
  /** Failures, and answers that came late. */
  readonly marks: readonly FailureMark[];
  readonly bundles: readonly MarkBundle[];
}

/** All rows of the report share this scale, so that what happened at once stands in one line. */
export function timelineOf(report: TimelineFacts, scale = timeScaleOf(report)): Timeline {
  const marks = [...report.marks, ...slowMarks(report)];
  return { report, scale, marks, bundles: bundleMarks(marks, { lanes: report.lanes, scale }) };
}
