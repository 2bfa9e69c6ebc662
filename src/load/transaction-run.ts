import type { Outcome } from "#domain/exchange.ts";
import type { Expectation } from "#domain/load-profile.ts";
import type { Transaction, TransactionStep } from "#domain/transaction.ts";
import { CookieJar } from "./cookie-jar.ts";
import { HttpConnection } from "./http-connection.ts";
import type { RequestBytes } from "./request-bytes.ts";
import type { ResponseHead } from "./response-head.ts";
import type { StreamContext } from "./stream-context.ts";

/** One step of every transaction of a stream, prepared once. */
export interface PreparedStep {
  readonly name: string;
  readonly method: string;
  readonly thinkMs: number;
  readonly expect: Expectation;
  readonly asksToClose: boolean;
  readonly bytes: RequestBytes;
}

interface TransactionRunOptions {
  /** The idempotency key, the same in every step. */
  readonly key: string;
  readonly seq: number;
  readonly steps: readonly PreparedStep[];
  readonly context: StreamContext;
  nextConnectionId(): number;
  ended(transaction: Transaction): void;
}

/** The number of an exchange that there never was, because its step was not started. */
const NO_EXCHANGE = -1;

/**
 * One transaction on its way: a step is due when the one before was answered and the user has thought, and
 * is never sent after a step that failed. Nothing is sent twice: the audit says what became of the rest.
 */
export class TransactionRun {
  readonly #options: TransactionRunOptions;
  readonly #done: TransactionStep[] = [];
  readonly #cookies = new CookieJar();
  #connection: HttpConnection | undefined;
  #thinking: NodeJS.Timeout | undefined;
  #startedAtMs = 0;

  constructor(options: TransactionRunOptions) {
    this.#options = options;
  }

  start(scheduledAtMs: number): void {
    this.#startedAtMs = scheduledAtMs;
    this.#send(scheduledAtMs);
  }

  /** Settles the step under way as aborted and ends. */
  abort(): void {
    const thinking = this.#thinking;
    clearTimeout(thinking);
    if (thinking === undefined) this.#connection?.lose({ type: "stopped" });
    else this.#end();
  }

  #send(scheduledAtMs: number): void {
    const { steps, context, key, seq } = this.#options;
    const step = steps[this.#done.length];
    if (step === undefined) {
      this.#end();
      return;
    }
    const exchange = context.ledger.open(scheduledAtMs);
    this.#freeConnection().send({
      exchange,
      bytes: step.bytes(key, seq, this.#cookies.header),
      method: step.method,
      expect: step.expect,
      asksToClose: step.asksToClose,
      settled: (outcome, answer) => {
        this.#done.push({ name: step.name, exchange: exchange.seq, outcome: stepOutcome(outcome) });
        this.#settled(outcome, answer);
      },
    });
  }

  #settled(outcome: Outcome, answer: ResponseHead | undefined): void {
    const next = this.#options.steps[this.#done.length];
    if (outcome.type !== "ok" || next === undefined) {
      this.#end();
      return;
    }
    if (answer !== undefined) this.#cookies.keep(answer);
    const dueAtMs = this.#options.context.clock.nowMs() + next.thinkMs;
    if (next.thinkMs === 0) {
      this.#send(dueAtMs);
      return;
    }
    this.#thinking = setTimeout(() => {
      this.#thinking = undefined;
      this.#send(dueAtMs);
    }, next.thinkMs);
  }

  /** The kept connection, or another if the server ended it between two steps. */
  #freeConnection(): HttpConnection {
    if (this.#connection?.free === true) return this.#connection;
    const { nextConnectionId, context } = this.#options;
    this.#connection?.retire();
    this.#connection = new HttpConnection(nextConnectionId(), context);
    return this.#connection;
  }

  #end(): void {
    this.#connection?.retire();
    const { key, steps, context, ended } = this.#options;
    const notStarted = steps
      .slice(this.#done.length)
      .map(
        ({ name }): TransactionStep => ({ name, exchange: NO_EXCHANGE, outcome: "not-started" }),
      );
    ended({
      key,
      startedAtMs: this.#startedAtMs,
      endedAtMs: context.clock.nowMs(),
      steps: [...this.#done, ...notStarted],
      acknowledged: steps.length === this.#done.length && this.#done.every(wasAcknowledged),
    });
  }
}

function wasAcknowledged({ outcome }: TransactionStep): boolean {
  return outcome === "ok";
}

/** A step that this machine could not send was surely not done. */
function stepOutcome({ type }: Outcome): TransactionStep["outcome"] {
  return type === "undelivered" ? "failed" : type;
}
