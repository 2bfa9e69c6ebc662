import { describeDisruption } from "#domain/disruption.ts";
import type { Report } from "#domain/report.ts";
import { formatDuration } from "#reporting/format-quantity.ts";
import { describeStart, describeWorkload, runLengthMs } from "#reporting/run-summary.ts";
import { VERDICT_MEANING, VERDICT_TITLE } from "#reporting/verdict-words.ts";
import { keepUnits } from "./keep-units.ts";
import { html, type Markup } from "./markup.ts";
import { verdictSign } from "./verdict-mark.ts";

/** What somebody who reads one line must have read: the verdict in words, and of what. */
export function verdictSection(report: Report): Markup {
  const { header, verdict, closing } = report;
  return html`<header class="hero hero-${verdict}"><div class="page">
<p class="brand"><b>Lastcall</b> sign-off report <span class="run">${header.runId}</span></p>
<div class="hero-grid"><div>
${heading(report)}
<p class="meaning">${VERDICT_MEANING[verdict]}</p>
${closing.brokenOff !== undefined && brokenOff(closing.brokenOff)}
</div>
${inShort(report)}</div>
${subject(report)}
</div></header>`;
}

function heading({ verdict, headline }: Report): Markup {
  // The colon is for the ear and for copied text: on the screen the verdict has a line of its own.
  return html`<h1>
<span class="word">${verdictSign(verdict)}${VERDICT_TITLE[verdict]}<span class="sr">: </span></span>
<span class="headline">${keepUnits(headline)}</span>
</h1>`;
}

function brokenOff(why: string): Markup {
  return html`<p class="broken-off"><b>The run broke off:</b> ${why}</p>`;
}

/** The cause and the fix belong on the first screen; the patch and the rest of the advice stand below. */
function inShort({ advice }: Report): Markup | undefined {
  const [first, ...others] = advice.filter(({ hint }) => hint !== true);
  if (first === undefined) return undefined;
  const parts = [
    "Why",
    ...(first.patch === undefined ? [] : ["the patch"]),
    ...(others.length === 0 ? [] : [`${others.length} more`]),
  ];
  const more = new Intl.ListFormat("en").format(parts);
  return html`<div class="in-short">
<p data-first="cause"><b>Cause</b> ${first.cause}: ${keepUnits(firstSentence(first.explanation))}</p>
<p data-first="fix"><b>Fix</b> ${keepUnits(first.fix)}</p>
<p><a href="#advice">${more}</a></p>
</div>`;
}

/** What was seen; how it comes about stands below. */
function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s+\p{Lu}|$)/su.exec(text)?.[0] ?? text;
}

function subject(report: Report): Markup {
  const disruptions = report.header.disruptions.map(describeDisruption).join(", ");
  return html`<dl class="subject">
${fact("Scenario", report.header.scenario)}
${fact("Workload", describeWorkload(report))}
${fact("Disruption", disruptions || "none")}
${fact("Run", `${describeStart(report)}, ${formatDuration(runLengthMs(report))}`)}
</dl>`;
}

function fact(name: string, value: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}
