import type { AutocannonClient } from "./autocannon.ts";
import { HttpConnection, type Sending } from "./http-connection.ts";
import type { ResponseHead } from "./response-head.ts";
import type { StreamContext } from "./stream-context.ts";

/** Where autocannon's parser keeps the handlers of an answer's head and of its end. */
interface HandlerPlaces {
  readonly kOnHeadersComplete: number;
  readonly kOnMessageComplete: number;
}

/** What one client needs from the driver it works for. */
interface ClientOwner {
  readonly context: StreamContext;
  nextConnectionId(): number;
  /** The client has no request under way and may be given one. */
  released(client: LedgeredClient): void;
}

/**
 * One autocannon client, repaired from its `setupClient` hook.
 *
 * On its own, a client keeps one parser and one request queue over all its connections, listens to no
 * `close`, ignores `Connection: close` and connects again in silence, so that a lost answer is paired with
 * a later one or vanishes. Here the client keeps what it does well, the building up of a run, its request
 * queue and its statistics; the socket, the parser and the settling are those of HttpConnection, and it
 * sends when the pacer says so and not when it has finished the last.
 */
export class LedgeredClient {
  readonly #client: AutocannonClient;
  readonly #owner: ClientOwner;
  readonly #send: () => void;
  #connection: HttpConnection;
  #sending: Sending | undefined;

  constructor(client: AutocannonClient, owner: ClientOwner) {
    this.#client = client;
    this.#owner = owner;
    this.#connection = new HttpConnection(owner.nextConnectionId(), owner.context);
    this.#send = client._doRequest.bind(client);
    // The stock client calls these to connect and after each answer: times when it is free.
    client._connect = client._doRequest = () => {
      if (!client.destroyed) owner.released(this);
    };
    client._destroyConnection = () => this.#connection.lose({ type: "stopped" });
    client.getRequestBuffer = () => this.#sending?.bytes ?? Buffer.alloc(0);
    client.conn = { write: () => this.#write() };
  }

  /** Lets the stock client send; the connection is renewed if the last one is not to be used again. */
  send(sending: Sending): void {
    this.#sending = sending;
    this.#send();
  }

  /** Ends the client; what is under way is settled as aborted. */
  destroy(): void {
    this.#client.destroy();
  }

  #write(): void {
    const sending = this.#sending;
    if (sending === undefined) return;
    if (!this.#connection.free) {
      const { context } = this.#owner;
      this.#connection.retire();
      this.#connection = new HttpConnection(this.#owner.nextConnectionId(), context);
    }
    this.#connection.send({
      ...sending,
      settled: (outcome, answer) => {
        this.#sending = undefined;
        sending.settled(outcome, answer);
        if (answer === undefined) this.#lost(outcome.type);
        else this.#answered(answer, sending.exchange.bytes);
      },
    });
  }

  /** The stock handlers count the answer and then ask for the next request, which releases the client. */
  #answered({ status }: ResponseHead, bytes: number): void {
    const { parser, pipelinedRequests } = this.#client;
    const places = parser.constructor as HandlerPlaces;
    pipelinedRequests.addByteCount(bytes);
    const head = { statusCode: status, headers: [] };
    parser[places.kOnHeadersComplete]?.(head);
    parser[places.kOnMessageComplete]?.(head);
  }

  #lost(reason: string): void {
    this.#client.pipelinedRequests.clear();
    this.#client.emit("connError", new Error(reason));
    if (!this.#client.destroyed) this.#owner.released(this);
  }
}
