import type { Comparison } from "#domain/compare-runs.ts";
import { describeFinding, describeSide, summarizeNumbers } from "#reporting/comparison-words.ts";
import { visibleLine } from "#reporting/visible-text.ts";
import { textTable } from "./text-table.ts";

const COLUMNS = [
  { title: "compared with the baseline", align: "left" },
  { title: "before", align: "right" },
  { title: "now", align: "right" },
  { title: "at 95 %", align: "left" },
] as const;

/** What changed since the baseline, in numbers and in what they rest on; for the end of a run. */
export function describeComparison({ baseline, changes, numbers }: Comparison): string {
  const rows = numbers.map((number) => [
    visibleLine(number.what),
    describeSide(number.before, number.unit),
    describeSide(number.now, number.unit),
    describeFinding(number),
  ]);
  const changed = changes.map(
    ({ what, before, now }) => `  - ${visibleLine(`${what}: ${before} → ${now}`)}`,
  );
  return [
    `Against run ${visibleLine(baseline.runId)} of ${visibleLine(baseline.startedAt)}: ${summarizeNumbers(numbers)}.`,
    ...textTable(COLUMNS, rows).map((line) => `  ${line}`),
    ...(changed.length === 0
      ? ["Nothing that the result rests on has changed."]
      : ["What changed besides:", ...changed]),
  ].join("\n");
}
