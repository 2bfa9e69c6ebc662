import type { Measurement } from "#domain/measurement.ts";
import { metricOf } from "#domain/metric.ts";
import type { Report, Result } from "#domain/report.ts";
import { describeStream } from "#reporting/describe-stream.ts";
import { failureCount, runLengthMs } from "#reporting/run-summary.ts";

/** Raised when a reader of the old form would be wrong; `docs/result.schema.json` describes this one. */
export const RESULT_VERSION = 1;
/** By which a `result.json` is told from any other JSON. */
export const RESULT_SCHEMA = "urn:lastcall:result:1";

/** The result for programs: numbers in base units, and no picture. Ends with a line feed. */
export function renderResult(report: Report): string {
  const { header, closing } = report;
  const result = {
    $schema: RESULT_SCHEMA,
    version: RESULT_VERSION,
    verdict: report.verdict,
    headline: report.headline,
    runId: header.runId,
    scenario: header.scenario,
    startedAt: header.startedAt,
    durationMs: runLengthMs(report),
    brokenOff: closing.brokenOff,
    workload: header.workload,
    disruptions: header.disruptions,
    environment: header.environment,
    load: header.load.map((stream) => ({ stream: stream.name, offered: describeStream(stream) })),
    digests: header.recipe?.digests,
    pool: header.pool,
    promises: report.results.map(promise),
    ungated: report.ungated.map(measured),
    doubts: report.doubts,
    streams: closing.streams,
    phases: closing.phases,
    failures: {
      total: failureCount(report),
      background: report.background,
      placed: report.attribution,
    },
    terminations: report.terminations,
    latencies: report.latencies,
    transactions: report.transactions,
    advice: report.advice,
  };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

function promise({ threshold, measurement, verdict, because }: Result) {
  const { operator, limit, text } = threshold;
  return {
    ...measured(measurement),
    threshold: { operator, limit, text },
    verdict,
    because,
  };
}

/** JSON has no NaN: a number that is none is left out, as one that was not measured is. */
function measured({ metric: name, value, bound, resolution, ...rest }: Measurement) {
  const { unit, better, title } = metricOf(name);
  return {
    metric: name,
    title,
    unit,
    better,
    value: finite(value),
    bound: finite(bound),
    boundOn: rest.boundOn,
    counts: rest.counts,
    cases: rest.cases,
    resolution: finite(resolution),
    sample: rest.sample,
    summary: rest.summary,
    doubts: rest.doubts,
    evidence: rest.evidence,
  };
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
