import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Report } from "#domain/report.ts";
import { VERDICT_TITLE } from "#reporting/verdict-words.ts";
import { adviceSection } from "./advice-section.ts";
import { describeMark } from "./describe-mark.ts";
import { doubtsSection } from "./doubts-section.ts";
import type { MarkLinks } from "./evidence-details.ts";
import { foundationSection } from "./foundation-section.ts";
import { bundleMarks } from "./mark-bundles.ts";
import { embeddedJson, html, type Markup, trusted } from "./markup.ts";
import { promisesSection } from "./promises-section.ts";
import { signatureSection } from "./signature-section.ts";
import { streamSeries } from "./stream-series.ts";
import { terminationsSection } from "./terminations-section.ts";
import { timeScaleOf } from "./time-scale.ts";
import type { Timeline } from "./timeline.ts";
import { timelineSection } from "./timeline-section.ts";
import { transactionsSection } from "./transactions-section.ts";
import { ungatedSection } from "./ungated-section.ts";
import { verdictSection } from "./verdict-section.ts";

/**
 * The report as one file that needs nothing else: no network, no font, no script but its own.
 *
 * Its content security policy names that script by its hash. Should a text from outside ever escape the
 * escaping, the browser still refuses to run it.
 */
export function renderReport(report: Report): string {
  const scale = timeScaleOf(report);
  const timeline = {
    report,
    scale,
    bundles: bundleMarks(report.marks, { lanes: report.lanes, scale }),
  };
  const links = markLinks(timeline);
  const sections = [
    doubtsSection(report),
    promisesSection(report, links),
    adviceSection(report),
    html`<div class="pair">${foundationSection(report)}${signatureSection()}</div>`,
    timelineSection(timeline),
    terminationsSection(report),
    transactionsSection(report),
    ungatedSection(report, links),
  ];
  return `${html`<!doctype html>
<html lang="en">
${head(report)}
<body>
<a class="skip" href="#promises">Skip to the promises</a>
${verdictSection(report)}
<main class="page">${sections}</main>
<footer class="page"><p>Made by Lastcall ${report.header.environment.lastcall} from the history of run ${report.header.runId}, which lies beside this file and can be judged again: <code>lastcall check RUN</code>.</p></footer>
<script type="application/json" id="report-data">${embeddedJson(pageData(timeline))}</script>
<script>${trusted(SCRIPT)}</script>
</body>
</html>`}\n`;
}

const SCRIPT = readAsset("client/report-page.js");
/** In the order of the cascade: the narrow screen and the paper speak last. */
const STYLES = [
  "page",
  "tables",
  "verdict",
  "advice",
  "sign-off",
  "timeline",
  "lanes",
  "marks",
  "charts",
  "narrow",
  "paper",
]
  .map((name) => readAsset(`styles/${name}.css`))
  .join("");

function head({ verdict, headline }: Report): Markup {
  const hash = createHash("sha256").update(SCRIPT).digest("base64");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${VERDICT_TITLE[verdict]}: ${headline}</title>
<style>${trusted(STYLES)}</style>
</head>`;
}

/** What the page's script needs to move: the axis, the marks' texts, and the charts' numbers. */
function pageData({ report, scale, bundles }: Timeline) {
  return {
    fromMs: scale.fromMs,
    untilMs: scale.untilMs,
    bucketMs: report.seriesBucketMs,
    windows: report.windows.map(({ fromMs, untilMs }) => [fromMs, untilMs]),
    marks: bundles.map((bundle) => ({
      ...describeMark(bundle, report),
      atMs: bundle.first.atMs,
      stream: bundle.first.stream,
      reason: bundle.first.reason,
    })),
    streams: streamSeries(report).map(({ points }) =>
      points.map(({ atMs, requests, failures, p50Ms, p99Ms, maxMs }) => [
        Math.round(atMs),
        requests,
        failures,
        ...[p50Ms, p99Ms, maxMs].map((ms) => (ms === undefined ? null : Number(ms.toPrecision(3)))),
      ]),
    ),
  };
}

function markLinks({ bundles }: Timeline): MarkLinks {
  const places = new Map(
    bundles.flatMap(({ marks }, index) =>
      marks.map(({ stream, seq }) => [JSON.stringify([stream, seq]), `mark-${index}`] as const),
    ),
  );
  return ({ stream, seq }) => places.get(JSON.stringify([stream, seq]));
}

function readAsset(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}
