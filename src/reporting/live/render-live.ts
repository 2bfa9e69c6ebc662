import { standingOf } from "#domain/promise-standing.ts";
import type { SeriesPoint } from "#domain/report.ts";
import { describeStanding } from "#reporting/describe-standing.ts";
import { formatCount, formatDuration } from "#reporting/format-quantity.ts";
import { html, type Markup } from "#reporting/html/markup.ts";
import { pageFrame } from "#reporting/html/page-frame.ts";
import { rateRows } from "#reporting/html/rate-chart.ts";
import { numberCell, tableHead } from "#reporting/html/table.ts";
import { type TimeScale, timeScale } from "#reporting/html/time-scale.ts";
import { phaseRow, tickRow } from "#reporting/html/timeline-axis.ts";
import { verdictMark } from "#reporting/html/verdict-mark.ts";
import type { LiveRun } from "./live-run.ts";

/** The page around what `renderRuns` draws; its script puts each new drawing in place of the last. */
export function renderLivePage(): string {
  const body = html`<header class="hero"><div class="page"><p class="brand"><b>Lastcall</b> live</p>
<p class="soft" role="status" data-connection>Waiting for the run…</p></div></header>
<main class="page" data-live></main>`;
  return pageFrame({ title: "Lastcall live", body, script: "live-page" }).toString();
}

/** All runs of this call, the latest first, drawn as the report draws them. */
export function renderRuns(runs: readonly LiveRun[]): string {
  return html`${runs.toReversed().map(section)}`.toString();
}

function section(run: LiveRun): Markup {
  const { scenario, phases, nowMs, outcome } = run;
  const phase = phases.at(-1)?.name ?? "setup";
  const firstLoadMs = phases.find(({ name }) => name === "warm-up")?.startedAtMs ?? nowMs;
  const scale = timeScale(firstLoadMs, Math.max(nowMs, firstLoadMs + 10_000));
  const state =
    outcome === undefined
      ? html`<p>${phase}, ${formatDuration(nowMs)} · pods: ${podStates(run)}</p>`
      : html`<p>${verdictMark(outcome.verdict)} <a href="${outcome.link}">${outcome.headline}</a></p>`;
  return html`<section><h2>${scenario}</h2>${state}
${outcome === undefined && standingTable(run)}
<div class="viewport"><div class="time">${phaseRow(phases, scale)}${tickRow(scale)}
${[...run.series].map(([stream, points]) => streamRows(run, { stream, points, scale }))}</div></div>
<ul class="notes">${run.notes.map((note) => html`<li>${note}</li>`)}</ul></section>`;
}

function standingTable({ standings }: LiveRun): Markup | undefined {
  if (standings.length === 0) return undefined;
  const rows = standings.map((standing) => {
    const { promise, measured, state } = describeStanding(standing);
    return html`<tr><th scope="row">${promise}</th>${numberCell(measured || "–")}
<td class="standing-${standingOf(standing)}">${state}</td></tr>`;
  });
  return html`<table class="standings">${tableHead(["Promise", { number: "So far" }, "Stands"])}
<tbody>${rows}</tbody></table>`;
}

function podStates({ podStates }: LiveRun): string {
  const present = Object.entries(podStates).filter(([, count]) => count > 0);
  return present.map(([state, count]) => `${formatCount(count)} ${state}`).join(", ") || "none yet";
}

function streamRows(
  run: LiveRun,
  drawn: {
    readonly stream: string;
    readonly points: readonly SeriesPoint[];
    readonly scale: TimeScale;
  },
): Markup {
  const { stream, points, scale } = drawn;
  const sum = (count: (point: SeriesPoint) => number) =>
    formatCount(points.reduce((total, point) => total + count(point), 0));
  return html`<h3 class="band">Stream ${stream}
<span class="readout">${sum(({ requests }) => requests)} requests, ${sum(({ failures }) => failures)} failed,
${formatCount(run.inFlight[stream] ?? 0)} in flight</span></h3>
${rateRows({ stream, points }, { scale, bucketMs: run.bucketMs })}`;
}
