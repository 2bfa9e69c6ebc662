import type { Exchange } from "#domain/exchange.ts";
import { overlapsAny, type Span } from "#domain/exposure-windows.ts";
import { LatencyHistogram } from "#domain/latency-histogram.ts";
import type { LatencySummary, StreamLatency } from "#domain/report.ts";
import type { RunFacts } from "./run-facts.ts";

/** With fewer answers a p99 is the accident of one of them. */
const ENOUGH_ANSWERS = 100;

interface Histograms {
  readonly control: LatencyHistogram;
  readonly exposed: LatencyHistogram;
  /** By the place of the termination. */
  readonly slices: Map<number, LatencyHistogram>;
}

/**
 * How long answers took: in the control phases, and while pods were leaving.
 *
 * Exposure windows overlap during a rollout. So that no answer counts twice, one belongs to the
 * termination that was requested last before the request was due.
 */
export class StreamLatencies {
  readonly #streams = new Map<string, Histograms>();
  readonly #control: readonly Span[];
  readonly #windows: RunFacts["windows"];

  constructor({ history, windows }: RunFacts) {
    this.#control = history.closing.phases
      .filter(({ name }) => name === "control")
      .map(({ startedAtMs, endedAtMs }) => ({
        fromMs: startedAtMs,
        untilMs: endedAtMs ?? startedAtMs,
      }));
    this.#windows = windows.toSorted((a, b) => a.fromMs - b.fromMs);
    for (const { name } of history.header.load) {
      const [control, exposed] = [new LatencyHistogram(), new LatencyHistogram()];
      this.#streams.set(name, { control, exposed, slices: new Map() });
    }
  }

  see({ stream, scheduledAtMs, endedAtMs, outcome }: Exchange): void {
    const histograms = this.#streams.get(stream);
    if (histograms === undefined || outcome.type !== "ok") return;
    const latencyMs = endedAtMs - scheduledAtMs;
    const slice = this.#lastWindowAt(scheduledAtMs);
    if (slice !== undefined) {
      const found = histograms.slices.get(slice) ?? new LatencyHistogram();
      histograms.slices.set(slice, found);
      found.record(latencyMs);
    } else if (overlapsAny(this.#control, scheduledAtMs, scheduledAtMs)) {
      histograms.control.record(latencyMs);
    }
  }

  finish(): readonly StreamLatency[] {
    return [...this.#streams].map(([stream, { control, exposed, slices }]) => {
      for (const slice of slices.values()) exposed.merge(slice);
      const enough = [...slices.values()].filter(({ total }) => total >= ENOUGH_ANSWERS);
      const atQuantile = (quantile: number) =>
        enough.flatMap((slice) => slice.atQuantile(quantile) ?? []);
      return {
        stream,
        control: summarise(control),
        exposed: summarise(exposed),
        perTermination: { p50Ms: atQuantile(0.5), p99Ms: atQuantile(0.99) },
      };
    });
  }

  /** The place of the last window that began before the moment, if the moment is within it. */
  #lastWindowAt(atMs: number): number | undefined {
    let low = 0;
    let high = this.#windows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#windows[middle]?.fromMs ?? 0) <= atMs) low = middle + 1;
      else high = middle;
    }
    const window = this.#windows[low - 1];
    return window !== undefined && atMs <= window.untilMs ? low - 1 : undefined;
  }
}

function summarise(histogram: LatencyHistogram): LatencySummary {
  const { total, maxMs } = histogram;
  if (maxMs === undefined) return { answers: total };
  const at = (quantile: number) => histogram.atQuantile(quantile) ?? maxMs;
  return {
    answers: total,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
    p999Ms: at(0.999),
    maxMs,
  };
}
