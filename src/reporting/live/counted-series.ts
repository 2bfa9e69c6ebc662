import type { SeriesPoint, TimelineFacts } from "#domain/report.ts";
import type { LoadProgress } from "#ports/load-driver.ts";

/** How long one point of a live chart covers at first. */
const FIRST_BUCKET_MS = 500;

/** A long run is drawn more coarsely. */
const MOST_POINTS = 400;

/** Rate and failures by what the load has said of itself, for a run whose ledger grows elsewhere. */
export class CountedSeries {
  readonly #series = new Map<string, SeriesPoint[]>();
  #bucketMs = FIRST_BUCKET_MS;

  see(progress: readonly LoadProgress[], atMs: number): void {
    for (const { stream, requests, failures } of progress) {
      const points = this.#series.get(stream) ?? [];
      this.#series.set(stream, points);
      add(points, { stream, atMs, requests, failures }, this.#bucketMs);
      if (points.length > MOST_POINTS) this.#drawMoreCoarsely();
    }
  }

  /** The same facts with these numbers. */
  inPlaceOf(facts: TimelineFacts): TimelineFacts {
    const series = [...this.#series.values()].flat();
    const streams = [...this.#series].map(([stream, points]) => {
      const failed = points.reduce((sum, { failures }) => sum + failures, 0);
      const scheduled = points.reduce((sum, { requests }) => sum + requests, 0);
      const rest = { indeterminate: 0, undelivered: 0, late: 0, worstLoopDelayMs: 0 };
      return { stream, scheduled, ok: scheduled - failed, failed, ...rest, harnessFailures: [] };
    });
    const closing = { ...facts.closing, streams };
    return { ...facts, closing, series, seriesBucketMs: this.#bucketMs };
  }

  #drawMoreCoarsely(): void {
    this.#bucketMs *= 2;
    for (const [stream, fine] of this.#series) {
      const coarse: SeriesPoint[] = [];
      for (const point of fine) add(coarse, point, this.#bucketMs);
      this.#series.set(stream, coarse);
    }
  }
}

/** To the last point where it falls into the same bucket, else as the next one. */
function add(points: SeriesPoint[], point: SeriesPoint, bucketMs: number): void {
  const atMs = Math.floor(point.atMs / bucketMs) * bucketMs;
  const last = points.at(-1);
  if (last?.atMs !== atMs) {
    points.push({ ...point, atMs });
    return;
  }
  const requests = last.requests + point.requests;
  points[points.length - 1] = { ...last, requests, failures: last.failures + point.failures };
}
