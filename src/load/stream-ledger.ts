import { join } from "node:path";
import type { Outcome } from "#domain/exchange.ts";
import type { StreamAccount } from "#domain/history.ts";
import { EXCHANGE_BYTES, encodeExchange, exchangesFileName } from "#domain/ledger-record.ts";
import { type LoadShare, numberInWhole, WHOLE_LOAD } from "#domain/load-worker.ts";
import type { LoadProgress } from "#ports/load-driver.ts";
import { LedgerFile } from "./ledger-file.ts";
import { OpenExchange } from "./open-exchange.ts";
import { PodNames } from "./pod-names.ts";

/** An exchange sent later than this after it was due says something about the generator. */
const LATE_MS = 10;

interface Named {
  readonly stream: string;
  readonly share: LoadShare;
}

/** The books of one stream: every exchange is opened once, settled once and written once. */
export class StreamLedger {
  readonly stream: string;
  readonly #records: LedgerFile;
  readonly #pods: PodNames;
  readonly #share: LoadShare;
  readonly #counts: Record<Outcome["type"], number> = {
    ok: 0,
    failed: 0,
    indeterminate: 0,
    undelivered: 0,
  };
  readonly #harnessFailures = new Map<string, number>();
  #scheduled = 0;
  #settled = 0;
  #late = 0;
  #settledTwice = 0;
  #reported = { requests: 0, failures: 0 };

  private constructor(records: LedgerFile, pods: PodNames, named: Named) {
    this.stream = named.stream;
    this.#share = named.share;
    this.#records = records;
    this.#pods = pods;
  }

  static async create(
    directory: string,
    stream: string,
    share: LoadShare = WHOLE_LOAD,
  ): Promise<StreamLedger> {
    const records = await LedgerFile.create(join(directory, exchangesFileName(stream)));
    return new StreamLedger(records, new PodNames(directory, stream), { stream, share });
  }

  get scheduled(): number {
    return this.#scheduled;
  }

  get inFlight(): number {
    return this.#scheduled - this.#settled;
  }

  open(scheduledAtMs: number): OpenExchange {
    return new OpenExchange(numberInWhole(this.#share, this.#scheduled++), scheduledAtMs);
  }

  settle(exchange: OpenExchange, outcome: Outcome): void {
    if (exchange.settled) {
      this.#settledTwice++;
      return;
    }
    exchange.settled = true;
    exchange.outcome = outcome;
    if (outcome.type === "undelivered") exchange.sentAtMs = exchange.scheduledAtMs;
    exchange.late = exchange.sentAtMs - exchange.scheduledAtMs > LATE_MS;
    this.#settled++;
    this.#counts[outcome.type]++;
    if (exchange.late) this.#late++;
    this.#records.append(EXCHANGE_BYTES, (view, offset) => encodeExchange(view, offset, exchange));
  }

  /** The number of a pod in this stream's records. */
  podNumber(name: string): number {
    const number = this.#pods.numberOf(name);
    if (number === 0) this.noteHarnessFailure("The pod header has too many different values");
    return number;
  }

  /** What the generator itself did wrong; any of it voids the run. */
  noteHarnessFailure(sentence: string): void {
    this.#harnessFailures.set(sentence, (this.#harnessFailures.get(sentence) ?? 0) + 1);
  }

  /** What happened since the last time this was asked. */
  progress(): LoadProgress {
    const failures = this.#counts.failed + this.#counts.indeterminate;
    const requests = this.#scheduled;
    const progress = {
      stream: this.stream,
      requests: requests - this.#reported.requests,
      failures: failures - this.#reported.failures,
      inFlight: this.inFlight,
    };
    this.#reported = { requests, failures };
    return progress;
  }

  flush(): void {
    this.#records.flush();
  }

  async close(): Promise<void> {
    this.#pods.close();
    await this.#records.close();
  }

  /** The sums; to be asked for when all is settled, so that what does not add up is noticed. */
  account(worstLoopDelayMs: number): StreamAccount {
    const { ok, failed, indeterminate, undelivered } = this.#counts;
    const accounted = ok + failed + indeterminate + undelivered;
    const written = this.#records.size / EXCHANGE_BYTES;
    if (this.#scheduled !== accounted || this.#scheduled !== written)
      this.noteHarnessFailure(
        `The identity is broken: ${this.#scheduled} scheduled, ${accounted} settled, ${written} written`,
      );
    if (this.#settledTwice > 0)
      this.noteHarnessFailure(`${this.#settledTwice} exchanges were settled twice`);
    return {
      stream: this.stream,
      scheduled: this.#scheduled,
      ok,
      failed,
      indeterminate,
      undelivered,
      late: this.#late,
      worstLoopDelayMs,
      harnessFailures: [...this.#harnessFailures].map(([sentence, times]) =>
        times === 1 ? `${sentence}.` : `${sentence} (${times} times).`,
      ),
    };
  }
}
