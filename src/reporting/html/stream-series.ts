import type { SeriesPoint, TimelineFacts } from "#domain/report.ts";

/** The chart points of one stream, in order. */
export interface StreamSeries {
  readonly stream: string;
  readonly points: readonly SeriesPoint[];
}

/** One per stream that has points, in the order in which the scenario offers them. */
export function streamSeries({ series, header }: TimelineFacts): readonly StreamSeries[] {
  const byStream = Map.groupBy(series, ({ stream }) => stream);
  const names = [...new Set([...header.load.map(({ name }) => name), ...byStream.keys()])];
  return names.flatMap((stream) => {
    const points = byStream.get(stream)?.toSorted((a, b) => a.atMs - b.atMs) ?? [];
    return points.length === 0 ? [] : [{ stream, points }];
  });
}

/** The point with the greatest value, and the value; undefined when none has one. */
export function peakOf(
  points: readonly SeriesPoint[],
  value: (point: SeriesPoint) => number | undefined,
): { readonly atMs: number; readonly value: number } | undefined {
  let peak: { atMs: number; value: number } | undefined;
  for (const point of points) {
    const candidate = value(point);
    if (candidate !== undefined && (peak === undefined || candidate > peak.value)) {
      peak = { atMs: point.atMs, value: candidate };
    }
  }
  return peak;
}
