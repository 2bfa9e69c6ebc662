import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import WebSocket from "ws";
import { type ConnectionEnd, endByFrame, type HeldConnection } from "#domain/held-connection.ts";
import { classifyLoss, isGeneratorFailure, type LossCause } from "./classify-loss.ts";
import { onLocalPort } from "./local-port.ts";
import type { OpenExchange } from "./open-exchange.ts";
import type { StreamContext } from "./stream-context.ts";
import { type Entrance, entranceOf } from "./target.ts";

/** What a connection needs from the driver that holds it. */
export interface ConnectionOwner {
  readonly context: StreamContext;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The number of the message that an answer is to; undefined when it is to none of ours. */
  messageOf(text: string): number | undefined;
  /** Whether this message had an answer before. */
  wasAnswered(seq: number): boolean;
  /** The message is in the ledger. */
  settled(exchange: OpenExchange): void;
  /** Called once. `held` is absent when it was never opened. */
  ended(connection: HeldWebsocket, held: Omit<HeldConnection, "stream"> | undefined): void;
  /** Called once, last: its socket is no more. */
  gone(connection: HeldWebsocket): void;
}

/** A message without an answer, as the queue of deadlines knows it. */
interface Waiting {
  readonly exchange: OpenExchange;
  readonly text: string;
  lose(): void;
  destroy(): void;
}

/** A close frame has its code, a socket that ends without one is told as this. */
const NO_FRAME = 1006;

/**
 * One connection that is opened once, carries any number of messages, and ends once:
 *
 *   opening ──► open ──► closed in order, or cut, or held until the load ends
 *
 * A message is answered when a text with its key comes back. Messages that are given to it while it opens
 * wait for that; whatever ends it loses those that wait for an answer.
 */
export class HeldWebsocket {
  readonly id: number;
  readonly place: number;
  readonly #owner: ConnectionOwner;
  readonly #entrance: Entrance;
  readonly #websocket: WebSocket;
  readonly #unanswered = new Map<number, Waiting>();
  #localPort: number | undefined;
  #openedAtMs: number | undefined;
  #pod: { readonly name: string; readonly number: number } | undefined;
  /** What is known of its end before it has ended. */
  #cause: LossCause = { type: "closed" };
  #status: number | undefined;
  #repeated = 0;
  #lastCameAtMs = 0;
  #over = false;

  constructor(id: number, place: number, owner: ConnectionOwner) {
    this.id = id;
    this.place = place;
    this.#owner = owner;
    this.#entrance = entranceOf(owner.context.target, id);
    owner.context.deadlines.connect.set(this);
    this.#websocket = new WebSocket(owner.url, {
      headers: owner.headers,
      perMessageDeflate: false,
      createConnection: () => this.#connect(),
    });
    this.#listen(this.#websocket);
  }

  /** Whether a message may be given to it: a server that has said that it closes takes none. */
  get takes(): boolean {
    const { readyState } = this.#websocket;
    return !this.#over && (readyState === WebSocket.CONNECTING || readyState === WebSocket.OPEN);
  }

  send(exchange: OpenExchange, text: string): void {
    exchange.sentAtMs = this.#owner.context.clock.nowMs();
    exchange.connectionId = this.id;
    exchange.localPort = this.#localPort;
    exchange.entrance = this.#entrance.number;
    exchange.connection = this.#openedAtMs === undefined ? "new" : "reused";
    const waiting: Waiting = {
      exchange,
      text,
      lose: () => this.#unansweredInTime(waiting),
      destroy: () => undefined,
    };
    this.#unanswered.set(exchange.seq, waiting);
    if (this.#openedAtMs !== undefined) this.#write(waiting);
  }

  /** It did not open in time, or is not to be waited for any longer. */
  lose(cause: LossCause): void {
    this.#cause = cause;
    this.#end(this.#endBy(NO_FRAME));
  }

  /** The load is over: nothing that is still under way says anything about the server. */
  stop(): void {
    if (this.#over) return;
    this.#cause = { type: "stopped" };
    if (this.#openedAtMs !== undefined) this.#websocket.close(1000);
    this.#owner.context.deadlines.linger.set(this);
    this.#end({ type: "held" });
  }

  destroy(): void {
    this.#websocket.terminate();
  }

  /** The socket is our own, so that a reset can be told from an end. */
  #connect(): Socket {
    const { target } = this.#owner.context;
    const { secure, port, serverName } = target;
    const { host } = this.#entrance;
    const socket = secure
      ? connectSecure({ host, port, ...(serverName && { servername: serverName }) })
      : connectPlain({ host, port });
    onLocalPort(socket, (port) => this.#boundTo(port));
    socket.setNoDelay(true);
    socket.on("error", (error: NodeJS.ErrnoException) => this.#failed(error));
    return socket;
  }

  #boundTo(port: number): void {
    this.#localPort = port;
    for (const { exchange } of this.#unanswered.values()) exchange.localPort = port;
  }

  #failed({ code, message }: NodeJS.ErrnoException): void {
    if (this.#cause.type === "closed") this.#cause = { type: "error", code: code ?? message };
  }

  #listen(websocket: WebSocket): void {
    websocket.on("upgrade", ({ headers }) => {
      const name = headers[this.#owner.context.podHeader];
      if (typeof name !== "string") return;
      this.#pod = { name, number: this.#owner.context.ledger.podNumber(name) };
    });
    websocket.on("open", () => this.#opened());
    websocket.on("message", (data) => this.#came(String(data)));
    websocket.on("unexpected-response", (request, { statusCode }) => {
      this.#status = statusCode;
      request.destroy();
      websocket.terminate();
    });
    websocket.on("error", ({ code }: NodeJS.ErrnoException) => {
      // Of the many things that it calls an error, these are about frames; sockets speak for themselves.
      if (code?.startsWith("WS_ERR_") === true) this.#cause = { type: "malformed" };
    });
    websocket.on("close", (code) => {
      this.#owner.context.deadlines.linger.lift(this);
      this.#end(this.#endBy(code));
      this.#owner.gone(this);
    });
  }

  #opened(): void {
    const { clock, deadlines } = this.#owner.context;
    deadlines.connect.lift(this);
    this.#openedAtMs = clock.nowMs();
    for (const waiting of this.#unanswered.values()) this.#write(waiting);
  }

  #write(waiting: Waiting): void {
    waiting.exchange.connectedAtMs = this.#openedAtMs;
    this.#owner.context.deadlines.headers.set(waiting);
    this.#websocket.send(waiting.text);
  }

  /** Where something else came since it was sent, this one is lost; else the whole connection is silent. */
  #unansweredInTime({ exchange }: Waiting): void {
    const cause = { type: "timeout" } as const;
    if (this.#lastCameAtMs <= exchange.sentAtMs) this.lose(cause);
    else this.#settle(exchange, classifyLoss({ stage: "sent", cause, justAfterIdle: false }));
  }

  #came(text: string): void {
    this.#lastCameAtMs = this.#owner.context.clock.nowMs();
    const seq = this.#owner.messageOf(text);
    if (seq === undefined) return; // the server has things of its own to say
    const exchange = this.#unanswered.get(seq)?.exchange;
    if (exchange === undefined) {
      if (this.#owner.wasAnswered(seq)) this.#repeated++;
      return;
    }
    exchange.firstByteAtMs = this.#lastCameAtMs;
    exchange.bytes = Buffer.byteLength(text);
    this.#settle(exchange, { type: "ok", status: 101 });
  }

  #endBy(code: number): ConnectionEnd {
    // Its frame counts, whatever became of the socket after it.
    if (code !== NO_FRAME && this.#cause.type !== "malformed") return endByFrame(code);
    switch (this.#cause.type) {
      case "timeout":
        return { type: "cut", by: "silent" };
      case "malformed":
        return { type: "cut", by: "broken-frame" };
      case "error":
        return { type: "cut", by: this.#cause.code === "EPIPE" ? "fin" : "reset" };
      case "closed":
      case "stopped":
        return { type: "cut", by: "fin" };
    }
  }

  #end(end: ConnectionEnd): void {
    if (this.#over) return;
    this.#over = true;
    const { context } = this.#owner;
    context.deadlines.connect.lift(this);
    const unanswered = this.#unanswered.size;
    this.#noteOwnFailure();
    for (const { exchange } of this.#unanswered.values()) this.#settle(exchange, this.#lossOf());
    const openedAtMs = this.#openedAtMs;
    const held = openedAtMs !== undefined && {
      connectionId: this.id,
      place: this.place,
      openedAtMs,
      endedAtMs: context.clock.nowMs(),
      ...(this.#pod !== undefined && { pod: this.#pod.name }),
      end,
      unanswered,
      repeated: this.#repeated,
    };
    if (end.type !== "held") this.destroy();
    this.#owner.ended(this, held === false ? undefined : held);
  }

  #noteOwnFailure(): void {
    const { ledger, target } = this.#owner.context;
    if (this.#cause.type === "error" && isGeneratorFailure(this.#cause))
      ledger.noteHarnessFailure(`${this.#cause.code} when connecting to ${target.authority}`);
  }

  #lossOf(): OpenExchange["outcome"] {
    const status = this.#status;
    if (status !== undefined)
      return {
        type: "failed",
        reason: status < 500 ? "unexpected-answer" : "server-error",
        status,
      };
    const stage = this.#openedAtMs === undefined ? "connecting" : "sent";
    return classifyLoss({ stage, cause: this.#cause, justAfterIdle: false });
  }

  #settle(exchange: OpenExchange, outcome: OpenExchange["outcome"]): void {
    const { context } = this.#owner;
    const waiting = this.#unanswered.get(exchange.seq);
    if (waiting !== undefined) context.deadlines.headers.lift(waiting);
    this.#unanswered.delete(exchange.seq);
    if (this.#pod !== undefined) exchange.pod = this.#pod.number;
    exchange.endedAtMs = context.clock.nowMs();
    context.ledger.settle(exchange, outcome);
    this.#owner.settled(exchange);
  }
}
