import type { HttpStream } from "#domain/load-profile.ts";
import type { Autocannon, AutocannonResult, AutocannonRun } from "./autocannon.ts";
import { LedgeredClient } from "./ledgered-client.ts";
import { type RequestBytes, requestBytes } from "./request-bytes.ts";
import type { StreamContext } from "./stream-context.ts";
import { NO_FREE_CONNECTION, type StreamDriver } from "./stream-driver.ts";
import { WorkInProgress } from "./work-in-progress.ts";

/** Seconds that no timer of autocannon's will see the end of; the end and the time-outs are ours. */
const NEVER_SECONDS = 2_147_483;
/** How often autocannon looks whether it was stopped, in milliseconds. */
const SAMPLE_MS = 100;

/** Kept connections, driven by autocannon clients that were repaired one by one. */
export class ReusedDriver implements StreamDriver {
  readonly #stream: HttpStream;
  readonly #context: StreamContext;
  readonly #request: RequestBytes;
  readonly #run: AutocannonRun;
  readonly #clients: LedgeredClient[] = [];
  /** In the order in which they became free: the longest idle is next, so that all are used in turn. */
  readonly #free: LedgeredClient[] = [];
  readonly #work = new WorkInProgress();
  #connections = 0;
  #answered = 0;
  #lost = 0;

  constructor(stream: HttpStream, context: StreamContext, autocannon: Autocannon) {
    this.#stream = stream;
    this.#context = context;
    this.#request = requestBytes(stream.request, context.target, "keep-alive");
    const owner = {
      context,
      nextConnectionId: () => ++this.#connections,
      released: (client: LedgeredClient) => this.#free.push(client),
    };
    this.#run = autocannon({
      url: `${context.target.secure ? "https" : "http"}://${context.target.authority}/`,
      connections: stream.connections,
      pipelining: 1,
      duration: NEVER_SECONDS,
      timeout: NEVER_SECONDS,
      sampleInt: SAMPLE_MS,
      setupClient: (client) => this.#clients.push(new LedgeredClient(client, owner)),
    });
  }

  offer(scheduledAtMs: number): void {
    const { ledger, keyPrefix } = this.#context;
    const exchange = ledger.open(scheduledAtMs);
    const client = this.#free.shift();
    if (client === undefined) {
      ledger.settle(exchange, NO_FREE_CONNECTION);
      return;
    }
    this.#work.begin();
    client.send({
      exchange,
      bytes: this.#request(keyPrefix + exchange.seq, exchange.seq),
      method: this.#stream.request.method,
      expect: this.#stream.expect,
      asksToClose: false,
      settled: (_outcome, answer) => {
        if (answer === undefined) this.#lost++;
        else this.#answered++;
        this.#work.end();
      },
    });
  }

  drained(): Promise<void> {
    return this.#work.none();
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    this.#context.deadlines.close();
    this.#compare(await this.#run);
  }

  /** Autocannon counted too, on its own: two books that differ void the run. */
  #compare(result: AutocannonResult): void {
    const answered = result["1xx"] + result["2xx"] + result["3xx"] + result["4xx"] + result["5xx"];
    if (answered !== this.#answered || result.errors !== this.#lost)
      this.#context.ledger.noteHarnessFailure(
        `The ledger has ${this.#answered} answers and ${this.#lost} losses, autocannon ${answered} and ${result.errors}`,
      );
  }
}
