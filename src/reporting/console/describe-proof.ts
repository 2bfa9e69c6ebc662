import type { EnvironmentChange } from "#domain/environment-changes.ts";
import type { Measurement } from "#domain/measurement.ts";
import { metricOf } from "#domain/metric.ts";
import type { Proof } from "#domain/proof.ts";
import type { Report, Result } from "#domain/report.ts";
import type { Verdict } from "#domain/verdict.ts";
import { formatQuantity } from "#reporting/format-quantity.ts";
import { visibleLine } from "#reporting/visible-text.ts";
import { textTable } from "./text-table.ts";

/** The runs before the change and with it, and what the second says about the first. */
export interface DescribedProof {
  readonly before: Report;
  readonly now: Report;
  readonly proof: Proof;
  readonly changes: readonly EnvironmentChange[];
  /** The folder of the second run. */
  readonly directory: string;
}

const WORDS: Readonly<Record<Verdict, string>> = {
  pass: "PROVEN",
  fail: "NOT PROVEN",
  inconclusive: "INCONCLUSIVE",
};

const COLUMNS = [
  { title: "with the change", align: "left" },
  { title: "asked", align: "right" },
  { title: "before", align: "right" },
  { title: "now", align: "right" },
  { title: "verdict", align: "left" },
] as const;

/** The answer, and every metric of both runs side by side: the promises first. */
export function describeProof({ before, now, proof, changes, directory }: DescribedProof): string {
  const rows = [
    ...now.results.map((result, index) => promise(before.results[index], result)),
    ...now.ungated.map((measurement) => ungated(before, measurement)),
  ];
  const besides = changes.map(
    ({ what, before: old, now: young }) => `  - ${visibleLine(`${what}: ${old} → ${young}`)}`,
  );
  return [
    `${WORDS[proof.verdict]}  ${visibleLine(proof.because)}`,
    "",
    ...textTable(COLUMNS, rows).map((line) => `  ${line}`),
    "",
    ...(besides.length === 0 ? [] : ["What changed besides:", ...besides, ""]),
    `Report: ${directory}/report.html`,
  ].join("\n");
}

function promise(before: Result | undefined, { threshold, measurement, verdict }: Result) {
  return [
    metricOf(threshold.metric).title,
    visibleLine(threshold.text),
    quantity(before?.measurement),
    quantity(measurement),
    `${before?.verdict ?? "not asked"} → ${verdict}`,
  ];
}

function ungated(before: Report, measurement: Measurement): readonly string[] {
  const old = before.ungated.find(({ metric }) => metric === measurement.metric);
  return [metricOf(measurement.metric).title, "–", quantity(old), quantity(measurement), "–"];
}

function quantity(measurement: Measurement | undefined): string {
  if (measurement?.value === undefined) return "not measured";
  return formatQuantity(metricOf(measurement.metric).unit, measurement.value);
}
