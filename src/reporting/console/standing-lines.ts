import type { PromiseStanding } from "#domain/promise-standing.ts";
import { describeStanding } from "#reporting/describe-standing.ts";
import { textTable } from "./text-table.ts";

/** More would push what scrolls by off a small terminal. */
const MOST_SHOWN = 6;

/** The promises of a run below its status, one a line. */
export function standingLines(standings: readonly PromiseStanding[]): readonly string[] {
  const rows = standings.slice(0, MOST_SHOWN).map((standing) => {
    const { promise, measured, state } = describeStanding(standing);
    return [promise, measured, state];
  });
  if (rows.length === 0) return [];
  const lines = textTable(
    [
      { title: "", align: "left" },
      { title: "", align: "right" },
      { title: "", align: "left" },
    ],
    rows,
  ).slice(1);
  const hidden = standings.length - rows.length;
  const more = hidden === 0 ? [] : [`and ${hidden} more, judged at the end`];
  return [...lines, ...more].map((line) => `            ${line}`);
}
