import type { Exchange } from "#domain/exchange.ts";
import { overlapsAny, type Span } from "#domain/exposure-windows.ts";
import { LatencyHistogram } from "#domain/latency-histogram.ts";
import type { StreamLatency } from "#domain/report.ts";
import { PodHistograms } from "./pod-histograms.ts";
import type { RunFacts } from "./run-facts.ts";
import { countLatency, summariseLatency } from "./summarise-latency.ts";

/** With fewer answers a p99 is the accident of one of them. */
const ENOUGH_ANSWERS = 100;

interface Histograms {
  readonly pods: PodHistograms;
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
      this.#streams.set(name, { pods: new PodHistograms(), slices: new Map() });
    }
  }

  see({ stream, scheduledAtMs, endedAtMs, servedBy, outcome }: Exchange): void {
    const histograms = this.#streams.get(stream);
    if (histograms === undefined || outcome.type !== "ok") return;
    const latencyMs = endedAtMs - scheduledAtMs;
    const slice = this.#lastWindowAt(scheduledAtMs);
    if (slice !== undefined) {
      const found = histograms.slices.get(slice) ?? new LatencyHistogram();
      histograms.slices.set(slice, found);
      found.record(latencyMs);
      histograms.pods.record("exposed", servedBy, latencyMs);
    } else if (overlapsAny(this.#control, scheduledAtMs, scheduledAtMs)) {
      histograms.pods.record("control", servedBy, latencyMs);
    }
  }

  finish(): readonly StreamLatency[] {
    return [...this.#streams].map(([stream, { pods, slices }]) => {
      const enough = [...slices.values()].filter(({ total }) => total >= ENOUGH_ANSWERS);
      const atQuantile = (quantile: number) =>
        enough.flatMap((slice) => slice.atQuantile(quantile) ?? []);
      const [control, exposed] = [pods.merged("control"), pods.merged("exposed")];
      return {
        stream,
        control: summariseLatency(control),
        exposed: summariseLatency(exposed),
        counts: { control: countLatency(control), exposed: countLatency(exposed) },
        pods: pods.summarise(),
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
