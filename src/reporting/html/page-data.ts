import { describeMark } from "./describe-mark.ts";
import type { MarkLinks } from "./evidence-details.ts";
import { streamSeries } from "./stream-series.ts";
import type { Timeline } from "./timeline.ts";

/** What the page's script needs to move: the axis, the marks' texts, and the charts' numbers. */
export function pageData({ report, scale, bundles, nowMs }: Timeline) {
  const endMs = nowMs ?? scale.untilMs; // the window of a pod that has not gone yet has no end
  return {
    fromMs: scale.fromMs,
    untilMs: scale.untilMs,
    bucketMs: report.seriesBucketMs,
    windows: report.windows.map(({ fromMs, untilMs }) => [fromMs, Math.min(untilMs, endMs)]),
    marks: bundles.map((bundle) => ({
      ...describeMark(bundle, report),
      atMs: bundle.first.atMs,
      stream: bundle.first.stream,
      reason: bundle.first.reason,
    })),
    streams: streamSeries(report).map(({ points }) =>
      points.map(({ atMs, requests, failures, inFlight, p50Ms, p99Ms, maxMs }) => [
        Math.round(atMs),
        requests,
        failures,
        ...[p50Ms, p99Ms, maxMs, inFlight].map(rounded),
      ]),
    ),
  };
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(3));
}

/** Finds the mark in which an exchange is drawn. */
export function markLinks({ bundles }: Timeline): MarkLinks {
  const places = new Map(
    bundles.flatMap(({ marks }, index) =>
      marks.map(({ stream, seq }) => [JSON.stringify([stream, seq]), `mark-${index}`] as const),
    ),
  );
  return ({ stream, seq }) => places.get(JSON.stringify([stream, seq]));
}
