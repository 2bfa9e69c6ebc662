import type { ListedRun } from "#domain/listed-run.ts";
import { formatDuration, formatMinute } from "#reporting/format-quantity.ts";
import { html, type Markup } from "#reporting/html/markup.ts";
import { numberCell, tableHead } from "#reporting/html/table.ts";
import { verdictMark } from "#reporting/html/verdict-mark.ts";
import { VERDICT_TITLE } from "#reporting/verdict-words.ts";
import { reportLink } from "./report-link.ts";

const COLUMNS = ["Verdict", "Run", "What was found", "On", { number: "Took" }];

/** Every run, the latest first, with filters that the page's script works. */
export function runsTable(runs: readonly ListedRun[]): Markup {
  const scenarios = [...new Set(runs.map(({ scenario }) => scenario))].toSorted();
  return html`<section aria-labelledby="runs"><h2 id="runs">Runs</h2>
<form class="filters scripted" data-filters>
<label>Scenario <select name="scenario"><option value="">all</option>${scenarios.map(
    (scenario) => html`<option>${scenario}</option>`,
  )}</select></label>
<label>Verdict <select name="verdict"><option value="">all</option>${Object.entries(
    VERDICT_TITLE,
  ).map(([verdict, title]) => html`<option value="${verdict}">${title}</option>`)}</select></label>
<label>Text <input name="text" type="search"></label>
<output data-shown></output>
</form>
<table class="runs">${tableHead(COLUMNS)}<tbody>${runs.map(row)}</tbody></table>
</section>`;
}

function row(run: ListedRun): Markup {
  const { scenario, verdict, headline, startedAt, environment, durationMs, disruptions } = run;
  return html`<tr data-run data-scenario="${scenario}" data-verdict="${verdict}">
<td>${verdictMark(verdict)}</td>
<th scope="row"><a href="${reportLink(run)}">${scenario}</a><small><time datetime="${startedAt}">${formatMinute(startedAt)}</time></small></th>
<td>${headline}<small>${disruptions.join(", then ")}</small></td>
<td>${environment.cluster}<small>Kubernetes ${environment.kubernetes}${release(run)}</small></td>
${numberCell(formatDuration(durationMs))}
</tr>`;
}

function release({ environment: { commit, images } }: ListedRun): string {
  const parts = [...images, ...(commit === undefined ? [] : [commit.slice(0, 10)])];
  return parts.map((part) => `, ${part}`).join("");
}
