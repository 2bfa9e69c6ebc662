import type { Advice, Report } from "#domain/report.ts";
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

/** Whether nothing was lost by it: it is shown apart, and never as the reason. */
export function isHint({ hint }: Advice): boolean {
  return hint === true;
}

/** Whether it explains something that was lost. */
export function isCause(advice: Advice): boolean {
  return !isHint(advice);
}

/** All that is to be said of a run, hints with their patches too, for somebody who has asked for nothing else. */
export function describeAllAdvice({ advice, verdict }: Report): string {
  const causes = advice.filter(isCause);
  const hints = advice.filter(isHint);
  const blocks = [
    causes.length > 0 || verdict === "pass" ? [] : [NO_CAUSE],
    causes.length === 0 ? [] : ["What to change:", ...causes.flatMap(describeAdvice)],
    hints.length === 0 ? [] : ["Worth a look:", ...hints.flatMap(describeAdvice)],
  ];
  const shown = blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n").trimEnd());
  return shown.length === 0
    ? "Nothing to change: no cause left traces in this run."
    : shown.join("\n\n");
}

const NO_CAUSE =
  "No known cause left traces in this run. What was measured, and why the verdict is what it is: lastcall check.";
