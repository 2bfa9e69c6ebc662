import type { PodLane, Report } from "#domain/report.ts";
import type { ContainerExit, Termination } from "#domain/termination.ts";
import { formatCount, formatDuration, formatQuantity } from "#reporting/format-quantity.ts";
import { failureCount } from "#reporting/run-summary.ts";
import { html, type Markup } from "./markup.ts";

/** One line per pod that left, measured from T0, the request to delete it. */
export function terminationsSection(report: Report): Markup {
  const { terminations } = report;
  if (terminations.length === 0) {
    return html`<section id="terminations"><h2>Terminations</h2><p>No pod terminated during this run.</p></section>`;
  }
  const uncertaintyMs = Math.max(...terminations.map(({ t0UncertaintyMs }) => t0UncertaintyMs));
  return html`<section id="terminations"><h2>Terminations</h2>
<p class="soft">Each time counts from T0, when the deletion was requested; T0 is known to within ${formatDuration(uncertaintyMs)}.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Terminations"><table>
<thead><tr><th scope="col">Pod</th><th scope="col" class="number">T0</th><th scope="col" class="number">Endpoint not ready</th>${sees(report, "lastNewConnectionAtMs") && html`<th scope="col" class="number">Last new connection</th>`}${sees(report, "lastReusedRequestAtMs") && html`<th scope="col" class="number">Last request on a kept one</th>`}<th scope="col" class="number">Exit</th><th scope="col">Exit code</th><th scope="col">Grace used</th><th scope="col" class="number">Failures</th></tr></thead>
<tbody>${terminations.map((termination) => row(termination, report))}</tbody></table></div></section>`;
}

function row(termination: Termination, report: Report): Markup {
  const { pod, uid, deletionRequestedAtMs: t0, exitedAtMs, exits } = termination;
  const lane = report.lanes.find((candidate) => candidate.termination?.uid === uid);
  const failures = failuresOf(lane, report);
  const extract = report.marks.length < failureCount(report);
  return html`<tr><th scope="row"><code>${pod}</code></th><td class="number">${(t0 / 1000).toFixed(2)} s</td>
<td class="number">${after(t0, termination.endpointNotReadyAtMs)}</td>
${sees(report, "lastNewConnectionAtMs") && html`<td class="number">${after(t0, lane?.lastNewConnectionAtMs)}</td>`}${sees(report, "lastReusedRequestAtMs") && html`<td class="number">${after(t0, lane?.lastReusedRequestAtMs)}</td>`}
<td class="number">${after(t0, exitedAtMs)}</td>
<td>${exits.length === 0 ? "not seen" : exits.map((exit, index) => html`${index > 0 && ", "}${exitText(exit, exits.length > 1)}`)}</td>
<td class="grace">${graceUsed(termination)}</td>
<td class="number">${failures === 0 ? "0" : html`<b class="verdict-fail">${extract ? "≥ " : ""}${formatCount(failures)}</b>`}</td></tr>`;
}

function after(t0: number, atMs: number | undefined): Markup | string {
  return atMs === undefined
    ? html`<span class="soft">not seen</span>`
    : `+${formatDuration(Math.round(atMs - t0))}`;
}

function exitText({ container, exitCode, reason, forced }: ContainerExit, several: boolean) {
  const name = several ? `${container}: ` : "";
  if (forced) {
    return html`<b class="verdict-fail">${name}${exitCode}, killed: grace spent</b>`;
  }
  return exitCode === 0
    ? html`${name}0`
    : html`<b>${name}${exitCode}</b>${reason !== undefined && ` ${reason}`}`;
}

function graceUsed(termination: Termination): Markup | string {
  const { deletionRequestedAtMs, exitedAtMs, gracePeriodSeconds } = termination;
  if (exitedAtMs === undefined || gracePeriodSeconds === 0) return "–";
  const ratio = (exitedAtMs - deletionRequestedAtMs) / (gracePeriodSeconds * 1000);
  return html`<meter min="0" max="1" high="0.8" optimum="0" value="${Math.min(1, ratio).toFixed(3)}" aria-hidden="true"></meter> ${formatQuantity("ratio", Number(ratio.toPrecision(2)))} of ${gracePeriodSeconds} s`;
}

/** The failures that are blamed on the pod and lie in its own exposure window. */
function failuresOf(lane: PodLane | undefined, { marks, windows }: Report): number {
  const window = windows.find(
    ({ pod, fromMs }) => pod === lane?.pod && fromMs === lane?.termination?.deletionRequestedAtMs,
  );
  if (window === undefined) return 0;
  return marks.filter(
    ({ pod, atMs }) => pod === window.pod && atMs >= window.fromMs && atMs <= window.untilMs,
  ).length;
}

/** Who reached a pod last is known only where the load could tell; else the column would be empty. */
function sees(
  { lanes }: Report,
  instant: "lastNewConnectionAtMs" | "lastReusedRequestAtMs",
): boolean {
  return lanes.some((lane) => lane[instant] !== undefined);
}
