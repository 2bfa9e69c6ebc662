import type { Exchange } from "#domain/exchange.ts";
import { LatencyHistogram } from "#domain/latency-histogram.ts";
import type { SeriesPoint } from "#domain/report.ts";
import { MeanInFlight } from "./mean-in-flight.ts";

interface Bucket {
  requests: number;
  failures: number;
  readonly latencies: LatencyHistogram;
}

/** None is finer. */
const FINEST_MS = 100;

/** Of a run whose length is not known yet; then two become one. */
const MOST_BUCKETS = 400;

/** Rate, failures and latency over time, per stream, by the moment each request was due. */
export class LoadSeries {
  /** By stream and place in time. */
  readonly #buckets = new Map<string, Bucket[]>();
  readonly #inFlight = new Map<string, MeanInFlight>();
  #bucketMs: number;
  readonly #grows: boolean;

  /** About 300 points over the run; of one that goes on, ever coarser ones, at most 400. */
  constructor(durationMs: number | undefined) {
    this.#grows = durationMs === undefined;
    this.#bucketMs = Math.max(FINEST_MS, Math.ceil((durationMs ?? 0) / 300 / 100) * 100);
  }

  /** How long one point covers. */
  get bucketMs(): number {
    return this.#bucketMs;
  }

  see({ stream, scheduledAtMs, sentAtMs, endedAtMs, outcome }: Exchange): void {
    if (outcome.type === "undelivered") return; // it says nothing about the workload
    while (this.#grows && scheduledAtMs >= MOST_BUCKETS * this.#bucketMs) this.#coarsen();
    this.#inFlightOf(stream).see(sentAtMs, endedAtMs);
    const bucket = this.#bucketAt(stream, Math.floor(scheduledAtMs / this.#bucketMs));
    bucket.requests += 1;
    if (outcome.type === "ok") bucket.latencies.record(endedAtMs - scheduledAtMs);
    else bucket.failures += 1;
  }

  points(): readonly SeriesPoint[] {
    return [...this.#buckets].flatMap(([stream, buckets]) => {
      const inFlight = this.#inFlightOf(stream).means();
      // Places at which nothing was due are holes, which flatMap leaves out.
      return buckets.flatMap(({ requests, failures, latencies }, index) => ({
        stream,
        atMs: index * this.bucketMs,
        requests,
        failures,
        inFlight: inFlight[index] ?? 0,
        ...present("p50Ms", latencies.atQuantile(0.5)),
        ...present("p99Ms", latencies.atQuantile(0.99)),
        ...present("maxMs", latencies.maxMs),
      }));
    });
  }

  #coarsen(): void {
    this.#bucketMs *= 2;
    for (const [stream, means] of this.#inFlight) this.#inFlight.set(stream, means.coarser());
    for (const [stream, fine] of this.#buckets) {
      this.#buckets.set(stream, []);
      fine.forEach(({ requests, failures, latencies }, index) => {
        const coarse = this.#bucketAt(stream, Math.floor(index / 2));
        coarse.requests += requests;
        coarse.failures += failures;
        coarse.latencies.merge(latencies);
      });
    }
  }

  #inFlightOf(stream: string): MeanInFlight {
    const found = this.#inFlight.get(stream) ?? new MeanInFlight(this.#bucketMs);
    this.#inFlight.set(stream, found);
    return found;
  }

  #bucketAt(stream: string, index: number): Bucket {
    let buckets = this.#buckets.get(stream);
    if (buckets === undefined) {
      buckets = [];
      this.#buckets.set(stream, buckets);
    }
    let bucket = buckets[index];
    if (bucket === undefined) {
      bucket = { requests: 0, failures: 0, latencies: new LatencyHistogram() };
      buckets[index] = bucket;
    }
    return bucket;
  }
}

function present(key: "p50Ms" | "p99Ms" | "maxMs", value: number | undefined) {
  return value === undefined ? {} : { [key]: value };
}
