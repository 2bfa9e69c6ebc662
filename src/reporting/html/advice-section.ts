import type { Advice, Report } from "#domain/report.ts";
import { describeEvidence } from "#reporting/describe-evidence.ts";
import { keepUnits } from "./keep-units.ts";
import { html, type Markup } from "./markup.ts";

/** Why it happened and which line to change. */
export function adviceSection({ advice }: Report): Markup | undefined {
  if (advice.length === 0) return undefined;
  return html`<section id="advice"><h2>Cause and fix</h2>
${advice.map(piece)}
</section>`;
}

function piece(advice: Advice, index: number): Markup {
  const { cause, explanation, fix, patch } = advice;
  return html`<article class="advice">
<div>
<h3>${cause}</h3>
<p>${keepUnits(explanation)}</p>
<p>${keepUnits(describeEvidence(advice))}</p>
<p class="fix"><b>Fix</b> ${keepUnits(fix)}</p>
</div>
${patch !== undefined && patchBlock(patch, index)}
</article>`;
}

function patchBlock(patch: string, index: number): Markup {
  const id = `patch-${index}`;
  const title = "Patch of the workload";
  return html`<div class="patch">
<div class="patch-head">
<span>${title}</span>
<button type="button" class="scripted" data-copy="${id}">Copy</button>
</div>
<pre id="${id}" tabindex="0" role="region" aria-label="${title}">${patch.trimEnd()}</pre>
</div>`;
}
