import type { Report } from "#domain/report.ts";
import { type TextColumn, textTable } from "#reporting/console/text-table.ts";
import { formatCount, formatInstant } from "#reporting/format-quantity.ts";
import { sureness } from "#reporting/html/describe-mark.ts";
import { failureCount } from "#reporting/run-summary.ts";
import { visibleLine } from "#reporting/visible-text.ts";
import { renderPicture } from "./render-picture.ts";

/** What cucumber's own report and messages carry of a run beside the words. */
export interface Attachment {
  readonly body: string;
  readonly mediaType: string;
  readonly fileName: string;
}

/** Enough to see what failed and how; the run's folder has every one. */
const MOST_EXCHANGES = 50;

/** The run as one picture, and the failed requests, if there are any. */
export function attachmentsOf(report: Report): readonly Attachment[] {
  const picture = {
    body: renderPicture(report),
    mediaType: "image/svg+xml",
    fileName: `${report.header.runId}.svg`,
  };
  return report.marks.length === 0 ? [picture] : [picture, failedRequests(report)];
}

function failedRequests(report: Report): Attachment {
  const shown = report.marks.slice(0, MOST_EXCHANGES);
  const total = failureCount(report);
  const rows = shown.map((mark) => {
    const { atMs, stream, seq, reason, status, pod, phase } = mark;
    return [
      formatInstant(atMs),
      `${stream} #${seq}`,
      status === undefined ? reason : `${reason} (${status})`,
      pod === undefined ? "no known pod" : `${pod}, ${sureness(mark)}`,
      phase ?? "outside every termination",
    ];
  });
  const extract = shown.length < total ? `, the first ${shown.length}` : "";
  const table = textTable(
    COLUMNS,
    rows.map((row) => row.map(visibleLine)),
  );
  return {
    body: [`${formatCount(total)} failed requests${extract}:`, "", ...table].join("\n"),
    mediaType: "text/plain",
    fileName: `${report.header.runId}-failed-requests.txt`,
  };
}

const COLUMNS: readonly TextColumn[] = [
  { title: "at", align: "right" },
  { title: "request", align: "left" },
  { title: "what happened", align: "left" },
  { title: "pod", align: "left" },
  { title: "its phase", align: "left" },
];
