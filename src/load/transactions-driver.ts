import type { TransactionStream } from "#domain/load-profile.ts";
import type { Transaction } from "#domain/transaction.ts";
import { requestBytes } from "./request-bytes.ts";
import type { StreamContext } from "./stream-context.ts";
import { NO_FREE_CONNECTION, type StreamDriver } from "./stream-driver.ts";
import { type PreparedStep, TransactionRun } from "./transaction-run.ts";
import { WorkInProgress } from "./work-in-progress.ts";

/** One line for each transaction of the run, of whatever stream. */
export const TRANSACTIONS_FILE = "transactions.ndjson";

/**
 * Whole transactions, started when the pacer says so; each has a connection of its own. One that has begun
 * may finish while the load drains, because a transaction cut by us would say nothing about the workload.
 */
export class TransactionsDriver implements StreamDriver {
  readonly #stream: TransactionStream;
  readonly #context: StreamContext;
  readonly #steps: readonly PreparedStep[];
  readonly #record: (transaction: Transaction) => void;
  readonly #running = new Set<TransactionRun>();
  readonly #work = new WorkInProgress();
  #transactions = 0;
  #connections = 0;

  constructor(
    stream: TransactionStream,
    context: StreamContext,
    record: (transaction: Transaction) => void,
  ) {
    this.#stream = stream;
    this.#context = context;
    this.#record = record;
    this.#steps = stream.steps.map((step, index, { length }) => ({
      name: step.name,
      method: step.method,
      thinkMs: step.thinkMs ?? 0,
      expect: step.expect ?? stream.expect,
      // The last step lets the server close, which spares this machine's ports.
      asksToClose: index === length - 1,
      bytes: requestBytes(step, context.target, index === length - 1 ? "close" : "keep-alive"),
    }));
  }

  offer(scheduledAtMs: number): void {
    const { ledger, keyPrefix, numberOf } = this.#context;
    const seq = numberOf(this.#transactions++);
    if (this.#running.size >= this.#stream.connections) {
      ledger.settle(ledger.open(scheduledAtMs), NO_FREE_CONNECTION);
      return;
    }
    this.#work.begin();
    const run = new TransactionRun({
      key: keyPrefix + seq,
      seq,
      steps: this.#steps,
      context: this.#context,
      nextConnectionId: () => ++this.#connections,
      ended: (transaction) => {
        this.#running.delete(run);
        this.#record(transaction);
        this.#work.end();
      },
    });
    this.#running.add(run);
    run.start(scheduledAtMs);
  }

  drained(): Promise<void> {
    return this.#work.none();
  }

  async close(): Promise<void> {
    for (const run of this.#running) run.abort();
    this.#context.deadlines.close();
  }
}
