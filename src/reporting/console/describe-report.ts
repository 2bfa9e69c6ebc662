import { metricOf } from "#domain/metric.ts";
import { nextSteps } from "#domain/next-steps.ts";
import type { Report, Result } from "#domain/report.ts";
import type { Verdict } from "#domain/verdict.ts";
import { describeAttribution } from "#reporting/describe-attribution.ts";
import { formatBound, formatCount, formatQuantity } from "#reporting/format-quantity.ts";
import { describePool } from "#reporting/run-summary.ts";
import { visibleLine } from "#reporting/visible-text.ts";
import { describeAdvice, describeHint, isCause, isHint } from "./describe-advice.ts";
import { type TextColumn, textTable } from "./text-table.ts";

interface DescribeOptions {
  /** The run's folder, to say where the report is. */
  readonly directory?: string;
  readonly colour?: boolean;
}

/** The end of a run as the terminal shows it: verdict, numbers, reasons, and what to change. */
export function describeReport(report: Report, options: DescribeOptions = {}): string {
  const paint = painter(options.colour === true);
  const blocks = [
    [`${paint(report.verdict, report.verdict.toUpperCase())}  ${visibleLine(report.headline)}`],
    brokenOff(report),
    describePool(report).map(visibleLine),
    resultTable(report, paint),
    section("Why", reasons(report)),
    section("What weakens this result", report.doubts.map(item)),
    section("What to do next", nextSteps(report).map(item)),
    section("What to change", report.advice.filter(isCause).flatMap(describeAdvice)),
    section("Worth a look", report.advice.filter(isHint).map(describeHint)),
    section("Also measured, without a promise", ungated(report)),
    [describeAttribution(report.attribution) ?? []].flat(),
    whereItIs(options.directory),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

type Paint = (verdict: Verdict, text: string) => string;

function painter(colour: boolean): Paint {
  return (verdict, text) => (colour ? `\u001b[1;${COLOUR[verdict]}m${text}\u001b[0m` : text);
}

/** ANSI green, red and yellow. */
const COLOUR: Readonly<Record<Verdict, number>> = { pass: 32, fail: 31, inconclusive: 33 };

function brokenOff({ closing }: Report): readonly string[] {
  return closing.brokenOff === undefined
    ? []
    : [`The run broke off: ${visibleLine(closing.brokenOff)}`];
}

const RESULT_COLUMNS: readonly TextColumn[] = [
  { title: "promise", align: "left" },
  { title: "asked", align: "right" },
  { title: "measured", align: "right" },
  { title: "95 % bound", align: "right" },
  { title: "sample", align: "right" },
  { title: "verdict", align: "left" },
];

function resultTable({ results }: Report, paint: Paint): readonly string[] {
  if (results.length === 0) return ["No promise was asked for."];
  const [head = "", ...lines] = textTable(RESULT_COLUMNS, results.map(resultCells));
  // The verdict is the last column, so that its colour cannot disturb the widths of the others.
  const painted = lines.map((line, index) => {
    const verdict = results[index]?.verdict ?? "inconclusive";
    return line.slice(0, line.length - verdict.length) + paint(verdict, verdict);
  });
  return indent([head, ...painted]);
}

function resultCells({ threshold, measurement, verdict }: Result): readonly string[] {
  const metric = metricOf(threshold.metric);
  const { value, bound, sample } = measurement;
  return [
    metric.title,
    visibleLine(threshold.text),
    value === undefined ? "not measured" : formatQuantity(metric.unit, value, threshold.limit),
    bound === undefined ? "–" : formatBound(metric, bound),
    formatCount(sample),
    verdict,
  ];
}

/** What was not kept comes first: it is what the reader has come for. */
function reasons({ results }: Report): readonly string[] {
  const kept = results.filter(({ verdict }) => verdict === "pass");
  const others = results.filter(({ verdict }) => verdict !== "pass");
  return [...others, ...kept].flatMap(({ threshold, measurement, verdict, because }) => [
    item(`${metricOf(threshold.metric).title}: ${visibleLine(because)}`),
    ...(verdict === "pass" ? [] : firstCases(measurement.evidence.notes)),
    ...measurement.doubts.map((doubt) => `  ${item(doubt)}`),
  ]);
}

/** Enough to start looking; the report has them all. */
const SHOWN_CASES = 3;

function firstCases(notes: readonly string[]): readonly string[] {
  const shown = notes.slice(0, SHOWN_CASES).map((note) => `  ${item(note)}`);
  const hidden = notes.length - shown.length;
  return hidden === 0 ? shown : [...shown, `    and ${formatCount(hidden)} more in the report`];
}

function ungated({ ungated }: Report): readonly string[] {
  const rows = ungated.map(({ metric: name, value, summary }) => {
    const metric = metricOf(name);
    const measured = value === undefined ? "not measured" : formatQuantity(metric.unit, value);
    return [metric.title, measured, visibleLine(summary)];
  });
  const columns = [
    { title: "", align: "left" },
    { title: "", align: "right" },
    { title: "", align: "left" },
  ] as const;
  return textTable(columns, rows).slice(1);
}

function whereItIs(directory: string | undefined): readonly string[] {
  if (directory === undefined) return [];
  return [`Report: ${directory}/report.html`, `Result: ${directory}/result.json`];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...indent(trimEnd(lines))];
}

function trimEnd(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}

function item(text: string): string {
  return `- ${visibleLine(text)}`;
}
