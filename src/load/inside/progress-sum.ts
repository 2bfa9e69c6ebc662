import type { LoadProgress } from "#ports/load-driver.ts";
import type { RemoteWorker } from "./remote-worker.ts";

const EVERY_MS = 250;

type Listener = (progress: readonly LoadProgress[]) => void;

/** What all workers told since the last time, stream by stream, as one load tells it. */
export class ProgressSum {
  readonly #counts = new Map<string, { requests: number; failures: number }>();
  /** By stream and worker: how many are under way is no sum over time. */
  readonly #inFlight = new Map<string, Map<number, number>>();
  readonly #listeners: Listener[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(workers: readonly RemoteWorker[]) {
    for (const [worker, remote] of workers.entries())
      remote.onProgress = (progress) => {
        for (const one of progress) this.#add(worker, one);
      };
    this.#timer = setInterval(() => this.#tell(), EVERY_MS);
  }

  onSum(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Tells the rest, and no more. */
  end(): void {
    clearInterval(this.#timer);
    this.#tell();
  }

  #add(worker: number, { stream, requests, failures, inFlight }: LoadProgress): void {
    const sum = this.#counts.get(stream) ?? { requests: 0, failures: 0 };
    this.#counts.set(stream, {
      requests: sum.requests + requests,
      failures: sum.failures + failures,
    });
    const ofStream = this.#inFlight.get(stream) ?? new Map<number, number>();
    this.#inFlight.set(stream, ofStream.set(worker, inFlight));
  }

  #tell(): void {
    if (this.#counts.size === 0) return;
    const progress = [...this.#counts].map(([stream, sum]) => ({
      stream,
      ...sum,
      inFlight: [...(this.#inFlight.get(stream)?.values() ?? [])].reduce((a, b) => a + b, 0),
    }));
    this.#counts.clear();
    for (const listener of this.#listeners) listener(progress);
  }
}
