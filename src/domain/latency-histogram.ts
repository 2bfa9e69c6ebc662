/**
 * Latencies in log-linear buckets: 128 per power of two of microseconds, so that a quantile is at most
 * 0.8 % off, and two histograms merge by adding. Percentiles of percentiles are never taken.
 */
export class LatencyHistogram {
  /** By bucket; hardly longer than the slowest answer needs, because each pod has some of them. */
  #counts = new Uint32Array(0);
  #total = 0;
  #maxMs = 0;
  #sumMs = 0;

  record(latencyMs: number): void {
    this.#add(bucketOf(latencyMs), 1);
    this.#total += 1;
    this.#sumMs += latencyMs;
    if (latencyMs > this.#maxMs) this.#maxMs = latencyMs;
  }

  merge(other: LatencyHistogram): void {
    for (const [bucket, count] of other.#counts.entries()) {
      if (count > 0) this.#add(bucket, count);
    }
    this.#total += other.#total;
    this.#sumMs += other.#sumMs;
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
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= wanted) return Math.min(this.#maxMs, upperEdgeMs(bucket));
    }
    return this.#maxMs;
  }

  get sumMs(): number {
    return this.#sumMs;
  }

  /** How many did not exceed each of the bounds, which ascend; a record within 0.8 % of one may be on its other side. */
  countsUpTo(boundsMs: readonly number[]): readonly number[] {
    const counts = boundsMs.map(() => 0);
    for (const [bucket, count] of this.#counts.entries()) {
      if (count === 0) continue;
      const least = boundsMs.findIndex((bound) => upperEdgeMs(bucket) <= bound);
      if (least >= 0) counts[least] = (counts[least] ?? 0) + count;
    }
    let sum = 0;
    return counts.map((count) => {
      sum += count;
      return sum;
    });
  }

  #add(bucket: number, count: number): void {
    if (bucket >= this.#counts.length) this.#reach(bucket);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
  }

  #reach(bucket: number): void {
    const longer = new Uint32Array((Math.floor(bucket / SUB_BUCKETS) + 1) * SUB_BUCKETS);
    longer.set(this.#counts);
    this.#counts = longer;
  }
}

const SUB_BUCKET_BITS = 7;
const SUB_BUCKETS = 2 ** SUB_BUCKET_BITS;

function bucketOf(latencyMs: number): number {
  const micros = Math.max(0, Math.round(latencyMs * 1000));
  if (micros < SUB_BUCKETS) return micros;
  const power = exponentOf(micros) - SUB_BUCKET_BITS;
  return (power + 1) * SUB_BUCKETS + (Math.floor(micros / 2 ** power) - SUB_BUCKETS);
}

/** The place of the highest bit; the quick way reaches to an hour. */
function exponentOf(micros: number): number {
  return micros < 2 ** 32 ? 31 - Math.clz32(micros) : Math.floor(Math.log2(micros));
}

function upperEdgeMs(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket / 1000;
  const power = Math.floor(bucket / SUB_BUCKETS) - 1;
  return ((SUB_BUCKETS + (bucket % SUB_BUCKETS) + 1) * 2 ** power - 1) / 1000;
}
