import type { StreamAccount } from "#domain/history.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import type { Report } from "#domain/report.ts";
import { describeStream } from "#reporting/describe-stream.ts";
import { formatCount, formatDuration } from "#reporting/format-quantity.ts";
import { runLengthMs } from "#reporting/run-summary.ts";
import { type Content, html, type Markup } from "./markup.ts";

/** What the result rests on: where it ran, with what, and whether the load was really delivered. */
export function foundationSection(report: Report): Markup {
  const { environment, load } = report.header;
  return html`<section id="foundation"><h2>What it rests on</h2>
<dl class="facts">
${fact("Cluster", `${environment.cluster}, Kubernetes ${environment.kubernetes}`)}
${fact("Images", environment.images.length === 0 ? "not known" : environment.images.map((image) => html`<code>${image}</code>`))}
${fact("Commit", environment.commit ?? "not known")}
${fact("Seed", environment.seed === undefined ? "none" : String(environment.seed))}
${fact("Harness", `Lastcall ${environment.lastcall}, Node ${environment.node}, ${environment.platform}`)}
${fact("Duration", durations(report))}
${fact("Background", background(report))}
</dl>
<h3>Load delivered</h3>
${report.closing.streams.length === 0 ? html`<p>No stream closed its account.</p>` : accountTable(report.closing.streams, load)}
</section>`;
}

function fact(name: string, value: Content): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function durations(report: Report): string {
  const phases = report.closing.phases
    .filter(({ name }) => name === "control" || name === "disruption" || name === "recovery")
    .map(({ name, startedAtMs, endedAtMs }) =>
      endedAtMs === undefined
        ? `${name} not ended`
        : `${name} ${formatDuration(endedAtMs - startedAtMs)}`,
    );
  const parts = phases.length === 0 ? "" : ` (${phases.join(", ")})`;
  return `${formatDuration(runLengthMs(report))}${parts}`;
}

function background({ background: { requests, failures } }: Report): string {
  return `${formatCount(failures)} of ${formatCount(requests)} requests outside every termination failed`;
}

function accountTable(streams: readonly StreamAccount[], load: readonly LoadStream[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Load delivered per stream"><table class="accounts">
<thead><tr><th scope="col">Stream</th><th scope="col" class="number">Scheduled</th><th scope="col" class="number">Ok</th><th scope="col" class="number">Failed</th><th scope="col" class="number">Answer lost</th><th scope="col" class="number">Never sent</th><th scope="col">Adds up</th><th scope="col" class="number">Sent late</th><th scope="col" class="number">Loop delay</th></tr></thead>
<tbody>${streams.map((account) => accountRow(account, load))}</tbody></table></div>
${streams.flatMap(({ stream, harnessFailures }) => harnessFailures.map((failure) => html`<p class="doubt">The generator of ${stream} itself failed: ${failure}</p>`))}`;
}

function accountRow(account: StreamAccount, load: readonly LoadStream[]): Markup {
  const offered = load.find(({ name }) => name === account.stream);
  return html`<tr><th scope="row">${account.stream}${offered !== undefined && html` <small>${describeStream(offered)}</small>`}</th>
${[account.scheduled, account.ok, account.failed, account.indeterminate, account.undelivered].map((count) => html`<td class="number">${formatCount(count)}</td>`)}
<td>${addsUp(account) ? "yes" : html`<b class="verdict-fail">no, the account is void</b>`}</td>
<td class="number">${formatCount(account.late)}</td><td class="number">${formatDuration(account.worstLoopDelayMs)}</td></tr>`;
}

function addsUp({ scheduled, ok, failed, indeterminate, undelivered }: StreamAccount): boolean {
  return scheduled === ok + failed + indeterminate + undelivered;
}
