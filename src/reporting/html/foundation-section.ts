import type { StreamAccount } from "#domain/history.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import type { LoadWorker } from "#domain/load-worker.ts";
import type { Report } from "#domain/report.ts";
import { describeStream } from "#reporting/describe-stream.ts";
import { formatCount, formatDuration } from "#reporting/format-quantity.ts";
import { describePool, runLengthMs } from "#reporting/run-summary.ts";
import { type Content, html, type Markup } from "./markup.ts";
import { signatureSection } from "./signature-section.ts";
import { numberCell, scrollingTable } from "./table.ts";

/**
 * What the result rests on: where it ran, with what, and whether the load was really delivered. Beside
 * it stands the place to sign, because that is what a signature vouches for.
 */
export function foundationSection(report: Report): Markup {
  const { environment: on, load } = report.header;
  const { streams, workers = [] } = report.closing;
  return html`<div class="pair"><section id="foundation"><h2>What it rests on</h2>
<dl class="facts">
${fact("Cluster", `${on.cluster}, Kubernetes ${on.kubernetes}`)}
${on.reached !== undefined && fact("Load's way in", on.reached)}
${workers.length > 0 && fact("Load workers", describeWorkers(workers))}
${fact("Images", images(report))}
${fact("Commit", on.commit ?? "not known")}
${fact("Seed", on.seed === undefined ? "none" : String(on.seed))}
${fact("Harness", `Lastcall ${on.lastcall}, Node ${on.node}, ${on.platform}`)}
${fact("Duration", durations(report))}
${report.header.pool !== undefined && fact("Repetitions", describePool(report).join(" "))}
${fact("Background", background(report))}
</dl>
<h3>Load delivered</h3>
${streams.length === 0 ? html`<p>No stream closed its account.</p>` : accountTable(streams, load)}
</section>${signatureSection()}</div>`;
}

function fact(name: string, value: Content): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function describeWorkers(workers: readonly LoadWorker[]): string {
  const boundMs = Math.max(...workers.map(({ clockBoundMs }) => clockBoundMs));
  return `${workers.length}, their clocks known to ${boundMs.toFixed(1)} ms`;
}

/** By name as the scenario says it, and by digest as the nodes ran it. */
function images({ header, images: running = [] }: Report): Content {
  const seen = new Set(running.map(({ name }) => name));
  const others = header.environment.images.filter((name) => !seen.has(name));
  if (others.length + running.length === 0) return "not known";
  return [
    ...running.map(({ name, id }) => html`<code>${name} <small>${id}</small></code>`),
    ...others.map((name) => html`<code>${name}</code>`),
  ];
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
  const share = `${formatCount(failures)} of ${formatCount(requests)}`;
  return `${share} requests outside every termination failed`;
}

function accountTable(streams: readonly StreamAccount[], load: readonly LoadStream[]): Markup {
  const failures = streams.flatMap(({ stream, harnessFailures }) =>
    harnessFailures.map((failure) => `The generator of ${stream} itself failed: ${failure}`),
  );
  const table = scrollingTable({
    label: "Load delivered per stream",
    columns: [
      "Stream",
      { number: "Scheduled" },
      { number: "Ok" },
      { number: "Failed" },
      { number: "Answer lost" },
      { number: "Never sent" },
      "Adds up",
      { number: "Sent late" },
      { number: "Loop delay" },
    ],
    rows: streams.map((account) => accountRow(account, load)),
  });
  return html`${table}${failures.map((failure) => html`<p class="doubt">${failure}</p>`)}`;
}

function accountRow(account: StreamAccount, load: readonly LoadStream[]): Markup {
  const { stream, scheduled, ok, failed, indeterminate, undelivered } = account;
  const offered = load.find(({ name }) => name === stream);
  const addsUp = scheduled === ok + failed + indeterminate + undelivered;
  const counts = [scheduled, ok, failed, indeterminate, undelivered];
  return html`<tr>
<th scope="row">${stream}${offered !== undefined && html`<small>${describeStream(offered)}</small>`}</th>
${counts.map((count) => numberCell(formatCount(count)))}
<td>${addsUp ? "yes" : html`<b class="verdict-fail">no, the account is void</b>`}</td>
${numberCell(formatCount(account.late))}
${numberCell(formatDuration(account.worstLoopDelayMs))}
</tr>`;
}
