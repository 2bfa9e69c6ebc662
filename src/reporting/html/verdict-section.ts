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
  const { header, verdict, headline, closing } = report;
  return html`<header class="hero hero-${verdict}"><div class="page">
<p class="brand"><b>Lastcall</b> sign-off report <span class="run">${header.runId}</span></p>
<div class="hero-grid"><div>
<h1><span class="word">${verdictSign(verdict)}${VERDICT_TITLE[verdict]}<span class="sr">: </span></span><span class="headline">${keepUnits(headline)}</span></h1>
<p class="meaning">${VERDICT_MEANING[verdict]}</p>
${closing.brokenOff !== undefined && html`<p class="broken-off"><b>The run broke off:</b> ${closing.brokenOff}</p>`}
</div>
${inShort(report)}</div>
<dl class="subject">
<div><dt>Scenario</dt><dd>${header.scenario}</dd></div>
<div><dt>Workload</dt><dd>${describeWorkload(report)}</dd></div>
<div><dt>Disruption</dt><dd>${header.disruptions.map(describeDisruption).join(", ") || "none"}</dd></div>
<div><dt>Run</dt><dd>${describeStart(report)}, ${formatDuration(runLengthMs(report))}</dd></div>
</dl>
</div></header>`;
}

/** The cause and the fix belong on the first screen; the patch and the rest of the advice stand below. */
function inShort({ advice }: Report): Markup | undefined {
  const [first, ...others] = advice;
  if (first === undefined) return undefined;
  const more =
    others.length === 0 ? "Why, and the patch" : `Why, the patch, and ${others.length} more`;
  return html`<div class="in-short"><p><b>Cause</b> ${first.cause}</p><p><b>Fix</b> ${keepUnits(first.fix)}</p><p><a href="#advice">${more}</a></p></div>`;
}
