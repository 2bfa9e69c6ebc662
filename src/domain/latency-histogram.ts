/**
 * Latencies in log-linear buckets: 128 per power of two of microseconds, so that a quantile is at most
 * 0.8 % off, and two histograms merge by adding. Percentiles of percentiles are never taken.
 */
export class LatencyHistogram {
  readonly #counts = new Map<number, number>();
  #total = 0;
  #maxMs = 0;

  record(latencyMs: number): void {
    const bucket = bucketOf(latencyMs);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#total += 1;
    if (latencyMs > this.#maxMs) this.#maxMs = latencyMs;
  }

  merge(other: LatencyHistogram): void {
    for (const [bucket, count] of other.#counts) {
      this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    }
    this.#total += other.#total;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  get total(): number {
    return this.#total;
  }

  /** Undefined when nothing was recorded. */
  get maxMs(): number | undefined {
    return this.#total === 0 ? undefined : this.#maxMs;
  }

  /** The latency that the share `quantile` of all records does not exceed; undefined when empty. */
  atQuantile(quantile: number): number | undefined {
    if (this.#total === 0) return undefined;
    const wanted = Math.max(1, Math.ceil(quantile * this.#total));
    let seen = 0;
    for (const bucket of [...this.#counts.keys()].toSorted((a, b) => a - b)) {
      seen += this.#counts.get(bucket) ?? 0;
      if (seen >= wanted) return Math.min(this.#maxMs, upperEdgeMs(bucket));
    }
    return this.#maxMs;
  }
}

const SUB_BUCKETS = 128;

function bucketOf(latencyMs: number): number {
  const micros = Math.max(0, Math.round(latencyMs * 1000));
  if (micros < SUB_BUCKETS) return micros;
  const power = Math.floor(Math.log2(micros)) - Math.log2(SUB_BUCKETS);
  return (power + 1) * SUB_BUCKETS + (Math.floor(micros / 2 ** power) - SUB_BUCKETS);
}

function upperEdgeMs(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket / 1000;
  const power = Math.floor(bucket / SUB_BUCKETS) - 1;
  return ((SUB_BUCKETS + (bucket % SUB_BUCKETS) + 1) * 2 ** power - 1) / 1000;
}
