import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { HarnessError } from "#domain/errors.ts";
import type { LoadProgress, LoadResult, RunningLoad, StartLoad } from "#ports/load-driver.ts";
import type { LoadCommand, LoadFailure, LoadReport } from "./load-messages.ts";
import { zeroOfRun } from "./run-clock.ts";

/**
 * Starts the load in a process of its own; fulfilled when the first request is due. The process writes the
 * ledger itself, so that only counts cross the border while the load goes on.
 *
 * A thread would share its turn on the processor with the cluster and the report of this process, where
 * the kernel groups processes by session; and Ctrl-C must not reach the load, which has to drain first.
 */
export const startLoad: StartLoad = async (plan) => {
  const load = new LoadProcess();
  load.command({ type: "start", plan, zeroMs: zeroOfRun(plan.runStartedAtMs) });
  await load.started;
  return load;
};

/** The near side of the load's process; the far side ends when the channel between them closes. */
class LoadProcess implements RunningLoad {
  readonly #child: ChildProcess;
  readonly #started = Promise.withResolvers<void>();
  readonly #result = Promise.withResolvers<LoadResult>();
  readonly #listeners: ((progress: readonly LoadProgress[]) => void)[] = [];
  #stopped = false;

  constructor() {
    // Whoever awaits the start or the stop hears of a failure; a load that nobody stops is not one.
    this.#started.promise.catch(() => undefined);
    this.#result.promise.catch(() => undefined);
    this.#child = fork(fileURLToPath(import.meta.resolve("#load/load-worker.ts")), {
      detached: true,
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child.on("message", (report: LoadReport) => this.#take(report));
    this.#child.on("error", (error) => this.#fail(unexpected(error.stack ?? error.message)));
    this.#child.on("exit", () => this.#fail(unexpected("The load's process has ended early.")));
  }

  get started(): Promise<void> {
    return this.#started.promise;
  }

  onProgress(listener: (progress: readonly LoadProgress[]) => void): void {
    this.#listeners.push(listener);
  }

  stop(): Promise<LoadResult> {
    if (!this.#stopped) this.command({ type: "stop" });
    this.#stopped = true;
    return this.#result.promise;
  }

  async abort(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  command(command: LoadCommand): void {
    // A far side that has gone tells so by its exit.
    if (this.#child.connected) this.#child.send(command);
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
    this.#child.kill("SIGKILL");
  }
}

function unexpected(message: string): LoadFailure {
  return { code: "LOAD_BROKEN", message, hint: "This is a fault of Lastcall; please report it." };
}
