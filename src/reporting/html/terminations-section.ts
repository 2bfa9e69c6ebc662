import type { Report } from "#domain/report.ts";
import type { ContainerExit, ExposureWindow, Termination } from "#domain/termination.ts";
import { formatCount, formatDuration, formatQuantity } from "#reporting/format-quantity.ts";
import { failureCount } from "#reporting/run-summary.ts";
import { html, type Markup } from "./markup.ts";
import { numberCell, scrollingTable } from "./table.ts";

/** One line per pod that left, measured from T0, the request to delete it. */
export function terminationsSection(report: Report): Markup {
  return html`<section id="terminations"><h2>Terminations</h2>
${
  report.terminations.length === 0
    ? html`<p>No pod terminated during this run.</p>`
    : terminationTable(report)
}
</section>`;
}

function terminationTable(report: Report): Markup {
  const { terminations } = report;
  const uncertaintyMs = Math.max(...terminations.map(({ t0UncertaintyMs }) => t0UncertaintyMs));
  const within = formatDuration(uncertaintyMs);
  const table = scrollingTable({
    label: "Terminations",
    columns: [
      "Pod",
      { number: "T0" },
      { number: "Endpoint not ready" },
      ...lastSeen(report).map(({ title }) => ({ number: title })),
      { number: "Exit" },
      "Exit code",
      "Grace used",
      { number: "Failures" },
    ],
    rows: terminations.map((termination, place) => row(termination, report.windows[place], report)),
  });
  return html`<p class="soft">Each time counts from T0, when the deletion was requested; T0 is known to
within ${within}.</p>
${table}`;
}

function row(termination: Termination, window: ExposureWindow | undefined, report: Report): Markup {
  const { pod, deletionRequestedAtMs: t0, exits } = termination;
  return html`<tr><th scope="row"><code>${pod}</code></th>
${numberCell(`${(t0 / 1000).toFixed(2)} s`)}
${numberCell(after(t0, termination.endpointNotReadyAtMs))}
${lastSeen(report).map(({ instant }) => numberCell(lastCell(termination, instant)))}
${numberCell(after(t0, termination.exitedAtMs))}
<td>${exits.length === 0 ? "not seen" : exits.map(exitText)}</td>
<td class="grace">${graceUsed(termination)}</td>
${numberCell(failuresOf(window, report))}</tr>`;
}

/** Of the last new connection also who opened it, where there were several to do so. */
function lastCell(
  { deletionRequestedAtMs, vantages = [], ...instants }: Termination,
  instant: (typeof LAST_SEEN)[number]["instant"],
): Markup | string {
  const when = after(deletionRequestedAtMs, instants[instant]);
  const by = vantages.find((each) => each.lastNewConnectionAtMs === instants[instant]);
  return instant !== "lastNewConnectionAtMs" || by?.lastNewConnectionAtMs === undefined
    ? when
    : html`${when} <small>${by.vantage}</small>`;
}

const LAST_SEEN = [
  { instant: "lastNewConnectionAtMs", title: "Last new connection" },
  { instant: "lastReusedRequestAtMs", title: "Last request on a kept one" },
] as const;

/** Who reached a pod last is known only where the load could tell; else the column would be empty. */
function lastSeen({ terminations }: Report) {
  return LAST_SEEN.filter(({ instant }) =>
    terminations.some((each) => each[instant] !== undefined),
  );
}

function after(t0: number, atMs: number | undefined): Markup | string {
  if (atMs === undefined) return html`<span class="soft">not seen</span>`;
  const sinceMs = Math.round(atMs - t0);
  // Separate watches have no common order: an endpoint's change may arrive before the pod's own.
  return `${sinceMs < 0 ? "−" : "+"}${formatDuration(Math.abs(sinceMs))}`;
}

function exitText(exit: ContainerExit, index: number, exits: readonly ContainerExit[]): Markup {
  const { container, exitCode, reason, forced } = exit;
  const name = `${index > 0 ? ", " : ""}${exits.length > 1 ? `${container}: ` : ""}`;
  if (forced) return html`${name}<b class="verdict-fail">${exitCode}, killed: grace spent</b>`;
  if (exitCode === 0) return html`${name}0`;
  return html`${name}<b>${exitCode}</b>${reason !== undefined && ` ${reason}`}`;
}

function graceUsed(termination: Termination): Markup | string {
  const { deletionRequestedAtMs, exitedAtMs, gracePeriodSeconds } = termination;
  if (exitedAtMs === undefined || gracePeriodSeconds === 0) return "–";
  const ratio = (exitedAtMs - deletionRequestedAtMs) / (gracePeriodSeconds * 1000);
  const share = formatQuantity("ratio", Number(ratio.toPrecision(2)));
  const value = Math.min(1, ratio).toFixed(3);
  return html`<meter high="0.8" optimum="0" value="${value}" aria-hidden="true"></meter>
${share} of ${gracePeriodSeconds} s`;
}

/** The failures that are blamed on the pod and lie in the exposure window of this leaving. */
function failuresOf(window: ExposureWindow | undefined, report: Report): Markup | string {
  if (window === undefined) return "0";
  const count = report.marks.filter(
    ({ pod, atMs }) => pod === window.pod && atMs >= window.fromMs && atMs <= window.untilMs,
  ).length;
  const extract = report.marks.length < failureCount(report);
  return count === 0 && !extract
    ? "0"
    : html`<b class="verdict-fail">${extract && "≥ "}${formatCount(count)}</b>`;
}
