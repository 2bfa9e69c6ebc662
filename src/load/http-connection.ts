import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import type { Outcome } from "#domain/exchange.ts";
import type { Expectation } from "#domain/load-profile.ts";
import { classifyLoss, isGeneratorFailure, type LossCause, type Stage } from "./classify-loss.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { onLocalPort } from "./local-port.ts";
import type { OpenExchange } from "./open-exchange.ts";
import { headerValue, type ResponseHead } from "./response-head.ts";
import { ResponseParser } from "./response-parser.ts";
import type { StreamContext } from "./stream-context.ts";
import { type Entrance, entranceOf } from "./target.ts";

/**
 * A close that had been on its way when we wrote arrives within a round trip; later than this after the
 * sending it cannot have come from idling, and the server gave up a request that it had.
 */
const IDLE_CLOSE_ARRIVES_WITHIN_MS = 100;

/** One request to be sent. */
export interface Sending {
  readonly exchange: OpenExchange;
  readonly bytes: Buffer;
  readonly method: string;
  readonly expect: Expectation;
  /** The request says `Connection: close`, so an answer that says it too tells nothing. */
  readonly asksToClose: boolean;
  /** Called once, when the exchange is in the ledger; `answer` is absent when it was lost. */
  settled(outcome: Outcome, answer: ResponseHead | undefined): void;
}

/**
 * One connection and at most one request on it. Whatever its socket does, each request is settled exactly
 * once, and a connection whose state is not certain is never used again:
 *
 *   send ──► connecting ──► sent ──► in headers ──► in body ──► settled ──► idle, or closing
 *
 * There are no retries: what a client library hides by trying again is what the ledger is for.
 */
export class HttpConnection {
  readonly id: number;
  readonly #context: StreamContext;
  readonly #entrance: Entrance;
  readonly #parser: ResponseParser;
  #socket: Socket | undefined;
  #sending: Sending | undefined;
  #connectedAtMs: number | undefined;
  #localPort: number | undefined;
  #answers = 0;
  #over = false;

  constructor(id: number, context: StreamContext) {
    this.id = id;
    this.#context = context;
    this.#entrance = entranceOf(context.target, id);
    this.#parser = new ResponseParser(context.keepsBodies);
  }

  /** Whether another request may be sent; the first one opens the connection. */
  get free(): boolean {
    if (this.#over || this.#sending !== undefined) return false;
    // An answer that overtook its own request leaves bytes behind that the server may still want.
    return this.#socket === undefined || this.#socket.writableLength === 0;
  }

  send(sending: Sending): void {
    const { exchange } = sending;
    this.#sending = sending;
    exchange.sentAtMs = this.#context.clock.nowMs();
    exchange.connectionId = this.id;
    exchange.connection = this.#answers > 0 ? "reused" : "new";
    exchange.connectedAtMs = this.#connectedAtMs;
    exchange.localPort = this.#localPort;
    exchange.entrance = this.#entrance.number;
    if (this.#connectedAtMs === undefined) this.#connect();
    else this.#write(sending);
  }

  /** The answer to the request under way will not come; does nothing when there is none. */
  lose(cause: LossCause): void {
    const { clock, ledger } = this.#context;
    const stage = this.#stage;
    const sending = this.#sending;
    this.destroy();
    if (sending === undefined) return;
    if (cause.type === "error" && isGeneratorFailure(cause))
      ledger.noteHarnessFailure(
        `${cause.code} when connecting to ${this.#context.target.authority}`,
      );
    const justAfterIdle =
      this.#answers > 0 &&
      clock.nowMs() - sending.exchange.sentAtMs <= IDLE_CLOSE_ARRIVES_WITHIN_MS;
    const status = this.#parser.head?.status;
    const loss = {
      stage,
      cause,
      justAfterIdle,
      ...(status === undefined ? undefined : { status }),
    };
    this.#settle(sending, classifyLoss(loss), undefined);
  }

  /**
   * Not to be used again. The server may close it first, because the side that does keeps the port busy
   * for a minute; if it does not, the connection ends a little later.
   */
  retire(): void {
    if (this.#over) return;
    this.#over = true;
    this.#context.deadlines.linger.set(this);
  }

  /** Ends the connection at once; a request under way has to be lost instead. */
  destroy(): void {
    this.#over = true;
    this.#liftDeadlines();
    this.#socket?.destroy();
  }

  get #stage(): Stage {
    if (this.#connectedAtMs === undefined) return "connecting";
    if (this.#parser.head !== undefined) return "in-body";
    return this.#parser.untouched ? "sent" : "in-headers";
  }

  #connect(): void {
    const { target } = this.#context;
    const { secure, port, serverName } = target;
    const { host } = this.#entrance;
    this.#context.deadlines.connect.set(this);
    const socket = secure
      ? connectSecure({ host, port, ...(serverName && { servername: serverName }) })
      : connectPlain({ host, port, noDelay: true });
    if (secure) socket.setNoDelay(true);
    this.#socket = socket;
    onLocalPort(socket, (port) => this.#boundTo(port));
    socket.on(secure ? "secureConnect" : "connect", () => this.#connected());
    socket.on("data", (bytes: Buffer) => this.#read(bytes));
    socket.on("end", () => this.#ended());
    socket.on("error", (error: NodeJS.ErrnoException) =>
      this.lose({ type: "error", code: error.code ?? error.message }),
    );
    socket.on("close", () => this.lose({ type: "closed" }));
  }

  #connected(): void {
    const { clock, deadlines } = this.#context;
    deadlines.connect.lift(this);
    this.#connectedAtMs = clock.nowMs();
    const sending = this.#sending;
    if (sending === undefined) return;
    sending.exchange.connectedAtMs = this.#connectedAtMs;
    this.#write(sending);
  }

  #boundTo(port: number): void {
    this.#localPort = port;
    if (this.#sending !== undefined) this.#sending.exchange.localPort = port;
  }

  #write({ bytes, method }: Sending): void {
    this.#parser.expect(method);
    this.#context.deadlines.headers.set(this);
    this.#socket?.write(bytes);
  }

  #read(bytes: Buffer): void {
    const sending = this.#sending;
    // Nobody asked: a server that says 408 to an idle connection before it closes it.
    if (sending === undefined) {
      this.destroy();
      return;
    }
    const { exchange } = sending;
    exchange.firstByteAtMs ??= this.#context.clock.nowMs();
    exchange.bytes += bytes.length;
    const hadHead = this.#parser.head !== undefined;
    this.#parser.push(bytes);
    const { head, complete, malformed } = this.#parser;
    if (head !== undefined && !hadHead) this.#headCame(exchange, head);
    if (malformed !== undefined) this.lose({ type: "malformed" });
    else if (head !== undefined && complete) this.#answered(sending, head);
    else if (head !== undefined && !hadHead) this.#awaitBody();
  }

  #headCame(exchange: OpenExchange, head: ResponseHead): void {
    const pod = headerValue(head, this.#context.podHeader);
    if (pod !== undefined) exchange.pod = this.#context.ledger.podNumber(pod);
  }

  #awaitBody(): void {
    this.#context.deadlines.headers.lift(this);
    this.#context.deadlines.body.set(this);
  }

  #ended(): void {
    const sending = this.#sending;
    this.#parser.finish();
    const { head, complete } = this.#parser;
    if (sending !== undefined && head !== undefined && complete) this.#answered(sending, head);
    else this.lose({ type: "closed" });
  }

  #answered(sending: Sending, head: ResponseHead): void {
    this.#answers++;
    this.#liftDeadlines();
    if (!head.keepAlive || this.#parser.surplus > 0) this.retire();
    const answer = {
      status: head.status,
      closes: !head.keepAlive && !sending.asksToClose,
      ...(this.#context.keepsBodies ? { body: this.#parser.body } : undefined),
    };
    this.#settle(sending, judgeAnswer(answer, sending.expect), head);
  }

  #settle(sending: Sending, outcome: Outcome, answer: ResponseHead | undefined): void {
    this.#sending = undefined;
    sending.exchange.endedAtMs = this.#context.clock.nowMs();
    this.#context.ledger.settle(sending.exchange, outcome);
    sending.settled(outcome, answer);
  }

  #liftDeadlines(): void {
    const { connect, headers, body, linger } = this.#context.deadlines;
    for (const queue of [connect, headers, body, linger]) queue.lift(this);
  }
}
