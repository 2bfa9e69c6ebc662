import type { Advice } from "#domain/report.ts";
import { describeEvidence } from "#reporting/describe-evidence.ts";
import { visibleLine, visibleText } from "#reporting/visible-text.ts";

/** Cause, numbers, fix and patch of one advice, as lines of the terminal; one empty line ends a patch. */
export function describeAdvice(advice: Advice): readonly string[] {
  const { cause, explanation, fix, patch } = advice;
  const lines = [
    `- ${visibleLine(cause)}`,
    `  ${visibleLine(explanation)}`,
    `  ${visibleLine(describeEvidence(advice))}`,
    `  Fix: ${visibleLine(fix)}`,
  ];
  if (patch === undefined) return lines;
  const patchLines = visibleText(patch).trimEnd().split("\n");
  return [...lines, "", ...patchLines.map((line) => `    ${line}`), ""];
}

/** One line for what cost nothing: the run is not about it. */
export function describeHint({ cause, explanation, fix }: Advice): string {
  return `- ${visibleLine(cause)}: ${visibleLine(explanation)} ${visibleLine(fix)}`;
}

export function isHint({ hint }: Advice): boolean {
  return hint === true;
}

export function isCause(advice: Advice): boolean {
  return !isHint(advice);
}
