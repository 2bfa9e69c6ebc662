import { type PromiseStanding, standingOf } from "#domain/promise-standing.ts";
import type { TimelineFacts } from "#domain/report.ts";
import { describeStanding } from "#reporting/describe-standing.ts";
import { formatCount, formatDuration } from "#reporting/format-quantity.ts";
import { html, type Markup } from "#reporting/html/markup.ts";
import { pageFrame } from "#reporting/html/page-frame.ts";
import { part } from "#reporting/html/part.ts";
import { numberCell, tableHead } from "#reporting/html/table.ts";
import { timeScale } from "#reporting/html/time-scale.ts";
import { type Timeline, timelineOf } from "#reporting/html/timeline.ts";
import { timelineSection } from "#reporting/html/timeline-section.ts";
import { verdictMark } from "#reporting/html/verdict-mark.ts";
import { type Drawing, drawingOf } from "./drawing.ts";
import type { LiveRun } from "./live-run.ts";

/** The page that is empty until its first drawing comes; its script puts every other over that. */
export function renderLivePage(): string {
  const body = html`<div data-live><main class="page"></main></div>
<p class="page soft" role="status" data-connection>Waiting for the run…</p>`;
  return pageFrame({ title: "Lastcall live", body, script: "live-page" }).toString();
}

/** The run that goes on as its report will show it, and those of this call that came before it. */
export function drawRuns(runs: readonly LiveRun[]): Drawing {
  const run = runs.at(-1);
  if (run === undefined) return drawingOf(html`<main class="page"></main>`, undefined);
  const facts = run.facts();
  const timeline = facts && liveTimeline(facts, run);
  const page = html`${part("now", heading(run, facts))}
<main class="page">
${part("promises", promisesSoFar(run.standings))}
${timeline && timelineSection(timeline)}
${part("notes", notesOf(run))}
${part("runs", runs.length > 1 && runList(runs))}
</main>`;
  return drawingOf(page, timeline);
}

/** On an axis that grows by steps, so that most of what is drawn stays as it was. */
function liveTimeline(facts: TimelineFacts, { phases, nowMs }: LiveRun): Timeline | undefined {
  const fromMs = phases.find(({ name }) => name === "warm-up")?.startedAtMs;
  if (fromMs === undefined) return undefined;
  const length = AXIS_MS.find((ms) => ms >= nowMs - fromMs) ?? nowMs - fromMs;
  return { ...timelineOf(facts, timeScale(fromMs, fromMs + length)), nowMs };
}

const AXIS_MS = Array.from({ length: 40 }, (_, step) => 15_000 * 1.5 ** step);

function heading(run: LiveRun, facts: TimelineFacts | undefined): Markup {
  const { scenario, phases, nowMs, outcome } = run;
  const phase = phases.at(-1)?.name ?? "setup";
  const id = facts && html` <span class="run">${facts.header.runId}</span>`;
  const state =
    outcome === undefined
      ? html`<p class="meaning">${phase}, ${formatDuration(nowMs)} · pods: ${podStates(run)}</p>`
      : html`<p class="meaning">${verdictMark(outcome.verdict)} ${reportLink(outcome)}</p>`;
  return html`<header class="hero"><div class="page"><p class="brand"><b>Lastcall</b> live${id}</p>
<h1>${scenario}</h1>${state}</div></header>`;
}

function reportLink({ link, headline }: NonNullable<LiveRun["outcome"]>): Markup {
  return html`<a href="${link}" data-report>${headline}</a>`;
}

function promisesSoFar(standings: readonly PromiseStanding[]): Markup | undefined {
  if (standings.length === 0) return undefined;
  const rows = standings.map((standing) => {
    const { promise, measured, state } = describeStanding(standing);
    return html`<tr><th scope="row">${promise}</th>${numberCell(measured || "–")}
<td class="standing-${standingOf(standing)}">${state}</td></tr>`;
  });
  return html`<section id="promises"><h2>Promises</h2>
<table class="standings">${tableHead(["Promise", { number: "So far" }, "Stands"])}
<tbody>${rows}</tbody></table></section>`;
}

function podStates({ podStates }: LiveRun): string {
  const present = Object.entries(podStates).filter(([, count]) => count > 0);
  return present.map(([state, count]) => `${formatCount(count)} ${state}`).join(", ") || "none yet";
}

function notesOf({ notes }: LiveRun): Markup | undefined {
  if (notes.length === 0) return undefined;
  return html`<section><h2>What was done</h2>
<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul></section>`;
}

function runList(runs: readonly LiveRun[]): Markup {
  const items = runs.map(({ scenario, outcome }, index) =>
    outcome === undefined
      ? html`<li>${scenario}: ${index === runs.length - 1 ? "goes on" : WITHOUT_REPORT}</li>`
      : html`<li>${verdictMark(outcome.verdict)} ${scenario}: ${reportLink(outcome)}</li>`,
  );
  return html`<section><h2>Runs of this call</h2><ul class="notes">${items}</ul></section>`;
}

/** A repetition is judged with the others, in the report of all; and a run may fail before it is one. */
const WITHOUT_REPORT = "over, without a report of its own";
