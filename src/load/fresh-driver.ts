import type { HttpStream } from "#domain/load-profile.ts";
import { HttpConnection } from "./http-connection.ts";
import { type RequestBytes, requestBytes } from "./request-bytes.ts";
import type { StreamContext } from "./stream-context.ts";
import { NO_FREE_CONNECTION, type StreamDriver } from "./stream-driver.ts";
import { WorkInProgress } from "./work-in-progress.ts";

/** A connection of its own for every request, as a client without keep-alive opens it. */
export class FreshDriver implements StreamDriver {
  readonly #stream: HttpStream;
  readonly #context: StreamContext;
  readonly #request: RequestBytes;
  readonly #open = new Set<HttpConnection>();
  readonly #work = new WorkInProgress();
  #connections = 0;

  constructor(stream: HttpStream, context: StreamContext) {
    this.#stream = stream;
    this.#context = context;
    this.#request = requestBytes(stream.request, context.target, "close");
  }

  offer(scheduledAtMs: number): void {
    const { ledger, keyPrefix } = this.#context;
    const exchange = ledger.open(scheduledAtMs);
    if (this.#open.size >= this.#stream.connections) {
      ledger.settle(exchange, NO_FREE_CONNECTION);
      return;
    }
    const connection = new HttpConnection(++this.#connections, this.#context);
    this.#open.add(connection);
    this.#work.begin();
    connection.send({
      exchange,
      bytes: this.#request(keyPrefix + exchange.seq, exchange.seq),
      method: this.#stream.request.method,
      expect: this.#stream.expect,
      asksToClose: true,
      settled: () => {
        this.#open.delete(connection);
        this.#work.end();
      },
    });
  }

  drained(): Promise<void> {
    return this.#work.none();
  }

  async close(): Promise<void> {
    for (const connection of this.#open) connection.lose({ type: "stopped" });
    this.#context.deadlines.close();
  }
}
