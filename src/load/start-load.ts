import { Worker } from "node:worker_threads";
import { HarnessError } from "#domain/errors.ts";
import type { LoadProgress, LoadResult, RunningLoad, StartLoad } from "#ports/load-driver.ts";
import type { LoadCommand, LoadFailure, LoadReport, LoadWorkerData } from "./load-messages.ts";
import { zeroOfRun } from "./run-clock.ts";

/**
 * Starts the load in a thread of its own; fulfilled when the first request is due. The thread writes the
 * ledger itself, so that only counts cross the border while the load goes on.
 */
export const startLoad: StartLoad = async (plan) => {
  const thread = new LoadThread({ plan, zeroMs: zeroOfRun(plan.runStartedAtMs) });
  await thread.started;
  return thread;
};

/** The near side of the load's thread. */
class LoadThread implements RunningLoad {
  readonly #worker: Worker;
  readonly #started = Promise.withResolvers<void>();
  readonly #result = Promise.withResolvers<LoadResult>();
  readonly #listeners: ((progress: readonly LoadProgress[]) => void)[] = [];
  #stopped = false;

  constructor(workerData: LoadWorkerData) {
    // Whoever awaits the start or the stop hears of a failure; a load that nobody stops is not one.
    this.#started.promise.catch(() => undefined);
    this.#result.promise.catch(() => undefined);
    this.#worker = new Worker(new URL(import.meta.resolve("#load/load-worker.ts")), { workerData });
    this.#worker.on("message", (report: LoadReport) => this.#take(report));
    this.#worker.on("error", (error: Error) =>
      this.#fail(unexpected(error.stack ?? error.message)),
    );
    this.#worker.on("exit", () => this.#fail(unexpected("The load's thread has ended early.")));
  }

  get started(): Promise<void> {
    return this.#started.promise;
  }

  onProgress(listener: (progress: readonly LoadProgress[]) => void): void {
    this.#listeners.push(listener);
  }

  stop(): Promise<LoadResult> {
    const command: LoadCommand = { type: "stop" };
    if (!this.#stopped) this.#worker.postMessage(command);
    this.#stopped = true;
    return this.#result.promise;
  }

  async abort(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(report: LoadReport): void {
    switch (report.type) {
      case "started":
        this.#started.resolve();
        return;
      case "progress":
        for (const listener of this.#listeners) listener(report.progress);
        return;
      case "result":
        this.#result.resolve(report.result);
        return;
      case "failed":
        this.#fail(report.failure);
        return;
    }
  }

  #fail({ code, message, hint }: LoadFailure): void {
    const error = new HarnessError(code, message, { hint });
    this.#started.reject(error);
    this.#result.reject(error);
    void this.#worker.terminate();
  }
}

function unexpected(message: string): LoadFailure {
  return { code: "LOAD_BROKEN", message, hint: "This is a fault of Lastcall; please report it." };
}
