import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { StreamAccount } from "#domain/history.ts";
import { shareOf } from "#domain/load-worker.ts";
import { addAccounts } from "#domain/stream-account.ts";
import type { Audit } from "#domain/transaction.ts";
import { readTransactions } from "#load/read-ledger.ts";
import { runClock, zeroOfRun } from "#load/run-clock.ts";
import type { LoadPlan, LoadProgress, LoadResult, RunningLoad } from "#ports/load-driver.ts";
import type { MergeShares } from "./merge-shares.ts";
import { ProgressSum } from "./progress-sum.ts";
import type { RemoteWorker } from "./remote-worker.ts";
import { shareDirectory } from "./share-directory.ts";

/** Time enough for the word to reach all workers before the moment that it names. */
const LEAD_MS = 300;

interface InsideLoadParts {
  readonly plan: LoadPlan;
  readonly workers: readonly RemoteWorker[];
  readonly mergeShares: MergeShares;
  removeJob(): Promise<void>;
}

/** The load of all workers, which is stopped, read back and merged as one. */
export class InsideLoad implements RunningLoad {
  readonly #parts: InsideLoadParts;
  readonly #progress: ProgressSum;
  #result: Promise<LoadResult> | undefined;

  constructor(parts: InsideLoadParts) {
    this.#parts = parts;
    this.#progress = new ProgressSum(parts.workers);
  }

  onProgress(listener: (progress: readonly LoadProgress[]) => void): void {
    this.#progress.onSum(listener);
  }

  stop(): Promise<LoadResult> {
    this.#result ??= this.#stop().finally(() => this.abort());
    return this.#result;
  }

  async abort(): Promise<void> {
    this.#progress.end();
    await Promise.all(this.#parts.workers.map((worker) => worker.close()));
    await this.#parts.removeJob();
  }

  async #stop(): Promise<LoadResult> {
    const { plan, workers } = this.#parts;
    const clock = runClock(zeroOfRun(plan.runStartedAtMs));
    const atMs = clock.nowMs() + LEAD_MS;
    const results = await Promise.all(workers.map((worker) => worker.stop(atMs)));
    const audit = await this.#audit(clock.nowMs());
    await Promise.all(workers.map((worker) => worker.close()));
    const accounts = this.#merge(results.map((result) => result?.accounts));
    await rm(join(plan.directory, "workers"), { recursive: true });
    return {
      accounts,
      workers: workers.map(({ account }) => account),
      ...(audit !== undefined && { audit }),
    };
  }

  /** By the first worker, which saw the ledger before the load, and when all have drained. */
  async #audit(atMs: number): Promise<Audit | undefined> {
    const { plan, workers } = this.#parts;
    const asks = plan.streams.filter(({ type }) => type === "transactions");
    const [reader] = workers;
    if (reader === undefined || asks.length === 0) return undefined;
    const waitsForKeys = asks.some(
      (stream) =>
        stream.type === "transactions" && stream.checks?.some(({ type }) => type === "queue"),
    );
    const acknowledged = waitsForKeys ? this.#acknowledgedKeys() : [];
    const audit = await reader.audit(acknowledged);
    return (
      audit ?? { type: "unreadable", atMs, reason: reader.lost ?? "its worker did not answer" }
    );
  }

  #acknowledgedKeys(): readonly string[] {
    const { plan, workers } = this.#parts;
    return workers
      .filter(({ lost }) => lost === undefined)
      .flatMap(({ share }) => readTransactions(shareDirectory(plan, share.worker)))
      .filter(({ acknowledged }) => acknowledged)
      .map(({ key }) => key);
  }

  /** The accounts are the workers' own; of one that was lost they are what its ledger shows. */
  #merge(told: readonly (readonly StreamAccount[] | undefined)[]): readonly StreamAccount[] {
    const { plan, workers, mergeShares } = this.#parts;
    const names = plan.streams.map(({ name }) => name);
    const shares = workers.map(({ share }) => shareDirectory(plan, share.worker));
    const counted = mergeShares(plan.directory, shares, names);
    const whole = workers.every(({ lost }) => lost === undefined);
    return plan.streams.map((stream, place) => {
      const ofWorkers = workers.map((_, worker) => {
        const seen = counted[worker]?.[place];
        const own = told[worker]?.[place];
        if (seen === undefined) throw new TypeError("A merged ledger has no account of a worker.");
        return own === undefined ? seen : compared(own, seen);
      });
      const sum = ofWorkers.reduce(addAccounts);
      // A transaction is due once and has several exchanges; any other request has its place in the whole.
      return whole && stream.type !== "transactions" ? this.#complete(sum, ofWorkers) : sum;
    });
  }

  /** Each worker offered every request of its share: a gap in the whole is a fault of ours. */
  #complete(sum: StreamAccount, ofWorkers: readonly StreamAccount[]): StreamAccount {
    const gaps = this.#parts.workers.flatMap(({ share }, place) => {
      const offered = ofWorkers[place]?.scheduled ?? 0;
      const due = shareOf(share, sum.scheduled);
      return offered === due
        ? []
        : [`Load worker ${share.worker} offered ${offered} requests, and ${due} were its share.`];
    });
    return { ...sum, harnessFailures: [...sum.harnessFailures, ...gaps] };
  }
}

/** Two books of one worker that differ void the run. */
function compared(own: StreamAccount, seen: StreamAccount): StreamAccount {
  const sums = ["scheduled", "ok", "failed", "indeterminate", "undelivered"] as const;
  const differing = sums.filter((sum) => own[sum] !== seen[sum]);
  const words = differing.map((sum) => `${own[sum]} ${sum}, and its ledger ${seen[sum]}`);
  return differing.length === 0
    ? own
    : {
        ...own,
        harnessFailures: [...own.harnessFailures, `A load worker counted ${words.join("; ")}.`],
      };
}
