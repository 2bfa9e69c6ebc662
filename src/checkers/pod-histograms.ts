import { LatencyHistogram } from "#domain/latency-histogram.ts";
import type { PodLatency } from "#domain/report.ts";
import { summariseLatency } from "./summarise-latency.ts";

/** A histogram takes about 6 kB: so many pods of a stream are told apart, and the rest are one. */
export const PODS_TOLD_APART = 256;

interface ByPhase {
  readonly control: LatencyHistogram;
  readonly exposed: LatencyHistogram;
}

/** The latencies of one stream, apart for each pod that answered; what the stream had is their sum. */
export class PodHistograms {
  readonly #pods = new Map<string, ByPhase>();
  /** Pods beyond the limit, and answers that name none. */
  readonly #others: ByPhase = byPhase();

  record(phase: keyof ByPhase, pod: string | undefined, latencyMs: number): void {
    this.#of(pod)[phase].record(latencyMs);
  }

  merged(phase: keyof ByPhase): LatencyHistogram {
    const sum = new LatencyHistogram();
    for (const each of [...this.#pods.values(), this.#others]) sum.merge(each[phase]);
    return sum;
  }

  /** In the order of their first answers, the others last; empty where no answer named its pod. */
  summarise(): readonly PodLatency[] {
    if (this.#pods.size === 0) return [];
    const named = [...this.#pods].map(([pod, each]) => ({ pod, ...summary(each) }));
    const others = summary(this.#others);
    return others.control.answers + others.exposed.answers === 0 ? named : [...named, others];
  }

  #of(pod: string | undefined): ByPhase {
    if (pod === undefined) return this.#others;
    const found = this.#pods.get(pod);
    if (found !== undefined) return found;
    if (this.#pods.size >= PODS_TOLD_APART) return this.#others;
    const made = byPhase();
    this.#pods.set(pod, made);
    return made;
  }
}

function byPhase(): ByPhase {
  return { control: new LatencyHistogram(), exposed: new LatencyHistogram() };
}

function summary({ control, exposed }: ByPhase) {
  return { control: summariseLatency(control), exposed: summariseLatency(exposed) };
}
