import { metricOf } from "#domain/metric.ts";
import { nextSteps } from "#domain/next-steps.ts";
import type { Advice, Report, Result } from "#domain/report.ts";
import { describeEvidence } from "#reporting/describe-evidence.ts";
import { formatBound, formatCount, formatQuantity } from "#reporting/format-quantity.ts";
import { describeStart, describeWorkload } from "#reporting/run-summary.ts";
import { VERDICT_TITLE } from "#reporting/verdict-words.ts";
import { visibleText } from "#reporting/visible-text.ts";
import { markdownText } from "./markdown-text.ts";

/** A comment for a pull request: the verdict, the promises, and what to change; the rest is in the report. */
export function renderSummary(report: Report): string {
  const blocks = [
    `## Lastcall: ${VERDICT_TITLE[report.verdict]}`,
    markdownText(report.headline),
    promises(report.results),
    list("What weakens this result", report.doubts.map(markdownText)),
    list("What to do next", nextSteps(report).map(markdownText)),
    ...report.advice.map(describeAdvice),
    markdownText(footing(report)),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function promises(results: readonly Result[]): string {
  if (results.length === 0) return "No promise was asked for.";
  return [
    "| Promise | Asked | Measured | 95 % bound | Sample | Verdict |",
    "|---|---|---:|---:|---:|---|",
    ...results.map(promise),
  ].join("\n");
}

function promise({ threshold, measurement, verdict, because }: Result): string {
  const metric = metricOf(threshold.metric);
  const { value, bound, sample } = measurement;
  const cells = [
    metric.title,
    markdownText(threshold.text),
    value === undefined ? "not measured" : formatQuantity(metric.unit, value, threshold.limit),
    bound === undefined ? "–" : formatBound(metric, bound),
    formatCount(sample),
    `**${verdict}**${verdict === "pass" ? "" : `: ${markdownText(because)}`}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function describeAdvice(advice: Advice): string {
  const { cause, explanation, fix, patch } = advice;
  const why = `**${markdownText(cause)}** ${markdownText(explanation)} ${markdownText(describeEvidence(advice))}`;
  const text = `${why}\n\n**Fix:** ${markdownText(fix)}`;
  return patch === undefined ? text : `${text}\n\n${fenced(patch, "yaml")}`;
}

/** A fence longer than any in the text, which therefore cannot be closed by it. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${visibleText(text).trimEnd()}\n${fence}`;
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  return [`**${title}**`, "", ...items.map((item) => `- ${item}`)].join("\n");
}

function footing(report: Report): string {
  const { scenario, environment, runId } = report.header;
  const { cluster, kubernetes, commit } = environment;
  const source = commit === undefined ? "" : `, commit ${commit}`;
  return `${scenario}, ${describeWorkload(report)} on ${cluster}, Kubernetes ${kubernetes}${source}, run ${runId}, ${describeStart(report)}.`;
}
