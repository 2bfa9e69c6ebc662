import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { HarnessError } from "#domain/errors.ts";
import type { LoadPlan, LoadProgress, LoadResult, RunningLoad } from "#ports/load-driver.ts";
import type { LoadCommand, LoadFailure, LoadReport } from "./load-messages.ts";

/** The near side of the load's process; the far side ends when the channel between them closes. */
export class LoadProcess implements RunningLoad {
  readonly #child: ChildProcess;
  readonly #prepared = Promise.withResolvers<void>();
  readonly #started = Promise.withResolvers<void>();
  readonly #result = Promise.withResolvers<LoadResult>();
  readonly #listeners: ((progress: readonly LoadProgress[]) => void)[] = [];
  #stopped = false;

  constructor(plan: LoadPlan, zeroMs: number) {
    // Whoever awaits the start or the stop hears of a failure; a load that nobody stops is not one.
    this.#prepared.promise.catch(() => undefined);
    this.#started.promise.catch(() => undefined);
    this.#result.promise.catch(() => undefined);
    this.#child = fork(fileURLToPath(import.meta.resolve("#load/load-worker.ts")), {
      detached: true,
      serialization: "advanced",
      // What it might say is for people: the output of a worker inside a cluster is its ledger.
      stdio: ["ignore", 2, 2, "ipc"],
    });
    this.#child.on("message", (report: LoadReport) => this.#take(report));
    this.#child.on("error", (error) => this.#fail(unexpected(error.stack ?? error.message)));
    // Comes after the last message, which its exit may overtake.
    this.#child.on("disconnect", () =>
      this.#fail(unexpected("The load's process has ended early.")),
    );
    this.#command({ type: "start", plan, zeroMs });
  }

  /** Fulfilled when nothing is missing but the word to begin. */
  get prepared(): Promise<void> {
    return this.#prepared.promise;
  }

  /** Fulfilled when the first request is due, or waits for that instant of the run. */
  begin(atMs?: number): Promise<void> {
    this.#command({ type: "begin", ...(atMs !== undefined && { atMs }) });
    return this.#started.promise;
  }

  onProgress(listener: (progress: readonly LoadProgress[]) => void): void {
    this.#listeners.push(listener);
  }

  stop(atMs?: number): Promise<LoadResult> {
    if (!this.#stopped) this.#command({ type: "stop", ...(atMs !== undefined && { atMs }) });
    this.#stopped = true;
    return this.#result.promise;
  }

  async abort(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  #command(command: LoadCommand): void {
    // A far side that has gone tells so by its end of the channel.
    if (this.#child.connected) this.#child.send(command);
  }

  #take(report: LoadReport): void {
    switch (report.type) {
      case "prepared":
        this.#prepared.resolve();
        return;
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
    this.#prepared.reject(error);
    this.#started.reject(error);
    this.#result.reject(error);
    this.#child.kill("SIGKILL");
  }
}

function unexpected(message: string): LoadFailure {
  return { code: "LOAD_BROKEN", message, hint: "This is a fault of Lastcall; please report it." };
}
