import type { GherkinDocument, Pickle, Step } from "@cucumber/messages";
import { UsageError } from "#domain/errors.ts";
import { findMetric } from "#domain/metric.ts";
import type { Threshold } from "#domain/threshold.ts";
import { parseThreshold } from "#scenario/parse-threshold.ts";

/** The phrases of the step that judges a run, in the three languages. */
export const THRESHOLD_PHRASES = [
  "the monitored metrics should satisfy:",
  "監控指標應滿足:",
  "监控指标应满足:",
] as const;

type Row = readonly string[];

/** The promises of a table, with or without a heading; all its mistakes are told at once. */
export function readThresholds(
  rows: readonly Row[],
  lineOf?: (row: number) => string,
): readonly Threshold[] {
  const start = isHeading(rows[0]) ? 1 : 0;
  const problems: string[] = [];
  const thresholds: Threshold[] = [];
  for (const [index, row] of rows.entries()) {
    if (index < start) continue;
    const parsed = parseThreshold(row[0] ?? "", row[1] ?? "");
    if (parsed.type === "threshold") thresholds.push(parsed.threshold);
    else problems.push(`${lineOf?.(index) ?? `row ${index + 1}`}: ${parsed.problem}`);
  }
  if (problems.length > 0) throw badTable(problems);
  if (thresholds.length === 0) throw badTable(["the table promises nothing"]);
  return thresholds;
}

/** A misspelt metric is no heading: taken for one, its promise would be lost and the others could pass. */
function isHeading([metric = "", promise = ""]: Row = []): boolean {
  return findMetric(metric) === undefined && !/[\p{Nd}<>=≤≥≦≧]/u.test(promise.normalize("NFKC"));
}

function badTable(problems: readonly string[]): UsageError {
  return new UsageError("BAD_THRESHOLDS", problems.join("\n  "), {
    hint: "Each row is a metric and a promise, such as | request error rate | <0.1% |.",
  });
}

/** What a scenario will ask of its run; a mistake in a table is found before anything is touched. */
export function promisesOf(document: GherkinDocument, pickle: Pickle): readonly Threshold[] {
  return pickle.steps.flatMap((step) => {
    const rows = step.argument?.dataTable?.rows;
    if (rows === undefined || !THRESHOLD_PHRASES.some((phrase) => phrase === step.text)) return [];
    const source = findStep(document, step.astNodeIds);
    return readThresholds(
      rows.map(({ cells }) => cells.map(({ value }) => value)),
      (row) => `${document.uri ?? "feature"}:${source?.dataTable?.rows[row]?.location.line ?? "?"}`,
    );
  });
}

/** The step in the document that a pickle's step was made of. */
export function findStep(document: GherkinDocument, ids: readonly string[]): Step | undefined {
  const children = document.feature?.children ?? [];
  const nested = children.flatMap(({ rule }) => rule?.children ?? []);
  return [...children, ...nested]
    .flatMap(({ background, scenario }) => [
      ...(background?.steps ?? []),
      ...(scenario?.steps ?? []),
    ])
    .find(({ id }) => ids.includes(id));
}
