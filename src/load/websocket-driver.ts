import type { HeldConnection } from "#domain/held-connection.ts";
import type { WebsocketStream } from "#domain/load-profile.ts";
import { type ConnectionOwner, HeldWebsocket } from "./held-websocket.ts";
import type { OpenExchange } from "./open-exchange.ts";
import { fillIn } from "./request-bytes.ts";
import type { StreamContext } from "./stream-context.ts";
import type { StreamDriver } from "./stream-driver.ts";
import { WorkInProgress } from "./work-in-progress.ts";

/** Opened again at once, one that ends sooner would make a server that closes each be asked without end. */
const SHORTEST_LIFE_MS = 50;

/** An answer that comes once more after so many others is not noticed any more: memory must not grow with a run. */
const REMEMBERED = 100_000;

/** One line for each connection of the run that was opened, of whatever stream. */
export const CONNECTIONS_FILE = "connections.ndjson";

/**
 * Holds all its connections open and sends messages over them in turn. A connection that was open and has
 * ended is opened again at once, as clients do; one that could not be opened, or ended as soon as it was, with
 * the next message that is its turn. No message is sent twice.
 */
export class WebsocketDriver implements StreamDriver, ConnectionOwner {
  readonly context: StreamContext;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #message: ReturnType<typeof fillIn>;
  readonly #key: RegExp;
  readonly #record: (connection: HeldConnection) => void;
  readonly #places: HeldWebsocket[] = [];
  /** Those that wait for their server to close them, too. */
  readonly #sockets = new Set<HeldWebsocket>();
  readonly #closing = new WorkInProgress();
  readonly #work = new WorkInProgress();
  readonly #answered = new Set<number>();
  #offered = 0;
  #opened = 0;
  #stopping = false;

  constructor(
    stream: WebsocketStream,
    context: StreamContext,
    record: (connection: HeldConnection) => void,
  ) {
    const { secure, authority, basePath } = context.target;
    this.context = context;
    this.url = `${secure ? "wss" : "ws"}://${authority}${basePath}${stream.path}`;
    this.headers = stream.headers;
    this.#message = fillIn(stream.message);
    this.#key = new RegExp(`${RegExp.escape(context.keyPrefix)}(\\d+)`);
    this.#record = record;
    for (let place = 0; place < stream.connections; place++) this.#open(place);
  }

  offer(scheduledAtMs: number): void {
    const exchange = this.context.ledger.open(scheduledAtMs);
    const place = this.#offered++ % this.#places.length;
    const current = this.#places[place];
    const connection = current?.takes === true ? current : this.#open(place);
    this.#work.begin();
    connection.send(exchange, this.#message(this.context.keyPrefix + exchange.seq, exchange.seq));
  }

  drained(): Promise<void> {
    return this.#work.none();
  }

  async close(): Promise<void> {
    this.#stopping = true;
    for (const connection of this.#sockets) connection.stop();
    await this.#closing.none(); // the queue of those that linger ends each
    this.context.deadlines.close();
  }

  messageOf(text: string): number | undefined {
    const number = this.#key.exec(text)?.[1];
    return number === undefined ? undefined : Number(number);
  }

  wasAnswered(seq: number): boolean {
    return this.#answered.has(seq);
  }

  settled({ seq, outcome }: OpenExchange): void {
    if (outcome.type === "ok") this.#remember(seq);
    this.#work.end();
  }

  #remember(seq: number): void {
    this.#answered.add(seq);
    if (this.#answered.size <= REMEMBERED) return;
    for (const oldest of this.#answered) {
      this.#answered.delete(oldest);
      return;
    }
  }

  ended({ place, id }: HeldWebsocket, held: Omit<HeldConnection, "stream"> | undefined): void {
    if (held === undefined) return;
    this.#record({ stream: this.context.ledger.stream, ...held });
    if (held.endedAtMs - held.openedAtMs < SHORTEST_LIFE_MS) return;
    // A message may have had it replaced already, when its server had said that it closes.
    if (!this.#stopping && this.#places[place]?.id === id) this.#open(place);
  }

  gone(connection: HeldWebsocket): void {
    this.#sockets.delete(connection);
    this.#closing.end();
  }

  #open(place: number): HeldWebsocket {
    const connection = new HeldWebsocket(++this.#opened, place, this);
    this.#places[place] = connection;
    this.#sockets.add(connection);
    this.#closing.begin();
    return connection;
  }
}
