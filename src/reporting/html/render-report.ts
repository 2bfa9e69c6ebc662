import type { Report } from "#domain/report.ts";
import { VERDICT_TITLE } from "#reporting/verdict-words.ts";
import { adviceSection } from "./advice-section.ts";
import { doubtsSection } from "./doubts-section.ts";
import { featureSection } from "./feature-section.ts";
import { foundationSection } from "./foundation-section.ts";
import { latencySection } from "./latency-section.ts";
import { html, type Markup } from "./markup.ts";
import { markLinks, pageData } from "./page-data.ts";
import { pageFrame } from "./page-frame.ts";
import { promisesSection } from "./promises-section.ts";
import { terminationsSection } from "./terminations-section.ts";
import { timelineOf } from "./timeline.ts";
import { timelineSection } from "./timeline-section.ts";
import { transactionsSection } from "./transactions-section.ts";
import { ungatedSection } from "./ungated-section.ts";
import { verdictSection } from "./verdict-section.ts";

/** The report as one HTML file, from the verdict down to the single request. */
export function renderReport(report: Report): string {
  const timeline = timelineOf(report);
  const links = markLinks(timeline);
  const sections = [
    doubtsSection(report),
    promisesSection(report, links),
    adviceSection(report),
    foundationSection(report),
    timelineSection(timeline),
    terminationsSection(report),
    latencySection(report),
    transactionsSection(report),
    ungatedSection(report, links),
    featureSection(report),
  ];
  const body = html`<a class="skip" href="#promises">Skip to the promises</a>
${verdictSection(report)}
<main class="page">
${sections}
</main>
${footer(report)}`;
  const title = `${VERDICT_TITLE[report.verdict]}: ${report.headline}`;
  return pageFrame({ title, body, script: "report-page", data: pageData(timeline) }).toString();
}

function footer({ header }: Report): Markup {
  return html`<footer class="page"><p>Made by Lastcall ${header.environment.lastcall} from the history
of run ${header.runId}, which lies beside this file and can be judged again:
<code>lastcall check RUN</code>.</p></footer>`;
}
