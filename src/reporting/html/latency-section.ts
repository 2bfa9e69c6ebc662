import type { PodLatency, Report, StreamLatency } from "#domain/report.ts";
import { formatCount, formatDuration } from "#reporting/format-quantity.ts";
import { LATENCY_COLUMNS, latencyRows, type Scale, scaleOf } from "./latency-rows.ts";
import { html, type Markup } from "./markup.ts";
import { scrollingTable } from "./table.ts";

/** A longer list helps nobody: the slowest are shown, and `result.json` has all. */
const PODS_SHOWN = 20;

/** How answer times were distributed while pods were leaving, beside the control phase: one scale for all. */
export function latencySection({ latencies = [] }: Report): Markup | undefined {
  const measured = latencies.filter(
    ({ control, exposed }) => control.answers + exposed.answers > 0,
  );
  const scale = scaleOf(measured);
  if (scale === undefined) return undefined;
  return html`<section id="latency"><h2>Latency</h2>
<p class="soft">Good answers, from the moment each was due. The bar reaches from the median over p90 and p99 to
p99.9, the dot is the slowest; the scale is logarithmic, from ${formatDuration(scale.lowMs)} to ${formatDuration(scale.highMs)}.</p>
${scrollingTable({
  label: "Latency per stream, before and during the disruption",
  columns: ["Stream", ...LATENCY_COLUMNS],
  rows: measured.flatMap((latency) => latencyRows(latency.stream, latency, scale)),
})}
${measured.map((latency) => byPod(latency, scale))}</section>`;
}

/** Folded away until somebody asks whether all pods were slow, or one. */
function byPod({ stream, pods = [] }: StreamLatency, scale: Scale): Markup | undefined {
  if (pods.length < 2) return undefined;
  const slowest = pods.toSorted((a, b) => slowness(b) - slowness(a)).slice(0, PODS_SHOWN);
  return html`<details><summary>${stream} by pod: ${formatCount(pods.length)}</summary>
${scrollingTable({
  label: `Latency of ${stream} by pod, the slowest first`,
  columns: ["Pod", ...LATENCY_COLUMNS],
  rows: slowest.flatMap((each) => latencyRows(each.pod ?? "others", each, scale)),
})}
${slowest.length < pods.length && html`<p class="soft">The ${PODS_SHOWN} slowest; result.json has all of them.</p>`}</details>`;
}

function slowness({ control, exposed }: PodLatency): number {
  return Math.max(control.p99Ms ?? 0, exposed.p99Ms ?? 0);
}
