import type { ComparedNumber, Comparison, Finding, Side } from "#domain/compare-runs.ts";
import { formatCount, formatQuantity } from "#reporting/format-quantity.ts";
import { visibleLine } from "#reporting/visible-text.ts";
import { textTable } from "./text-table.ts";

const WORDS: Readonly<Record<Finding, string>> = {
  worse: "WORSE",
  better: "better",
  "no-difference": "no difference",
  "too-few": "too few to tell",
  untested: "not tested",
};

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
    `Against run ${visibleLine(baseline.runId)} of ${visibleLine(baseline.startedAt)}: ${summary(numbers)}.`,
    ...textTable(COLUMNS, rows).map((line) => `  ${line}`),
    ...(changed.length === 0
      ? ["Nothing that the result rests on has changed."]
      : ["What changed besides:", ...changed]),
  ].join("\n");
}

function summary(numbers: readonly ComparedNumber[]): string {
  const count = (finding: Finding) => numbers.filter((each) => each.finding === finding).length;
  const [worse, better] = [count("worse"), count("better")];
  if (worse + better === 0) return "no difference that chance does not explain";
  const tested = numbers.filter(({ chance }) => chance !== undefined).length;
  return `${worse} of ${tested} tested numbers worse, ${better} better`;
}

function describeSide(side: Side, unit: ComparedNumber["unit"]): string {
  switch (side.type) {
    case "count":
      return `${formatCount(side.failures)} of ${formatCount(side.tried)}`;
    case "mean":
      return side.cases === 0
        ? "not measured"
        : `mean ${formatQuantity(unit, side.mean)} of ${side.cases}`;
    case "value":
      return side.value === undefined ? "not measured" : formatQuantity(unit, side.value);
  }
}

function describeFinding({ finding, chance }: ComparedNumber): string {
  if (chance === undefined) return WORDS[finding];
  return `${WORDS[finding]} (p ${chance < 0.001 ? "< 0.001" : `= ${chance.toFixed(3)}`})`;
}
