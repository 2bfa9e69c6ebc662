import {
  encodeData,
  encodePing,
  encodeReply,
  encodeReset,
  type SpdyFrame,
  SpdyFrameParser,
} from "./frames.ts";
import { EmptyHeaderWriter, HeaderReader, type SpdyHeaders } from "./header-block.ts";

/** What carries a session: a connection that was upgraded, or the messages of a WebSocket. */
export interface BytePipe {
  /** False when the far end is slower than this one. */
  write(bytes: Buffer): boolean;
  end(): void;
}

/** One stream that the client has opened. What arrives before somebody listens is kept. */
export class SpdyStream {
  readonly headers: SpdyHeaders;
  readonly #id: number;
  readonly #pipe: BytePipe;
  #received: Buffer[] = [];
  #listener: StreamListener | undefined;
  #ended = false;
  #closed = false;

  constructor(id: number, headers: SpdyHeaders, pipe: BytePipe) {
    this.#id = id;
    this.headers = headers;
    this.#pipe = pipe;
  }

  listen(listener: StreamListener): void {
    this.#listener = listener;
    for (const chunk of this.#received.splice(0)) listener.onData(chunk);
    if (this.#ended) listener.onEnd();
  }

  /** False when the client is slower than this end. */
  write(chunk: Buffer): boolean {
    return this.#closed || this.#pipe.write(encodeData(this.#id, chunk));
  }

  end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pipe.write(encodeData(this.#id, Buffer.alloc(0), true));
  }

  /** The client has sent something, or, with `undefined`, everything. */
  receive(chunk: Buffer | undefined): void {
    if (this.#ended) return;
    if (chunk === undefined) {
      this.#ended = true;
      this.#listener?.onEnd();
    } else if (this.#listener === undefined) this.#received.push(chunk);
    else this.#listener.onData(chunk);
  }
}

interface StreamListener {
  onData(chunk: Buffer): void;
  onEnd(): void;
}

const REFUSED = 3;

/** The server's side of one SPDY/3.1 session; only the client opens streams. */
export class SpdySession {
  readonly #pipe: BytePipe;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #parser = new SpdyFrameParser();
  readonly #headers = new HeaderReader();
  readonly #replies = new EmptyHeaderWriter();
  readonly #streams = new Map<number, SpdyStream>();
  #taking: Promise<void> = Promise.resolve();

  constructor(pipe: BytePipe, onStream: (stream: SpdyStream) => void) {
    this.#pipe = pipe;
    this.#onStream = onStream;
  }

  /** Bytes as they arrive. */
  push(chunk: Buffer): void {
    this.#taking = this.#taking
      .then(async () => {
        for (const frame of this.#parser.push(chunk)) await this.#take(frame);
      })
      .catch(() => this.#pipe.end()); // whoever sends what is no SPDY is not answered
  }

  /** The connection has gone: nobody sends anything any more. */
  closed(): void {
    for (const stream of this.#streams.values()) stream.receive(undefined);
    this.#streams.clear();
    this.#headers.close();
  }

  async #take(frame: SpdyFrame): Promise<void> {
    switch (frame.type) {
      case "open":
        await this.#open(frame);
        break;
      case "data": {
        const stream = this.#streams.get(frame.streamId);
        if (stream === undefined) this.#pipe.write(encodeReset(frame.streamId, REFUSED));
        if (frame.payload.length > 0) stream?.receive(frame.payload);
        if (frame.final) stream?.receive(undefined);
        break;
      }
      case "headers":
        await this.#headers.read(frame.headers);
        break;
      case "reset":
        this.#streams.get(frame.streamId)?.receive(undefined);
        this.#streams.delete(frame.streamId);
        break;
      case "ping":
        this.#pipe.write(encodePing(frame.id));
        break;
      case "go-away":
        break; // the client ends the connection when it likes
    }
  }

  async #open({ streamId, headers, final }: SpdyFrame & { readonly type: "open" }): Promise<void> {
    const stream = new SpdyStream(streamId, await this.#headers.read(headers), this.#pipe);
    this.#streams.set(streamId, stream);
    this.#pipe.write(encodeReply(streamId, this.#replies.block()));
    if (final) stream.receive(undefined);
    this.#onStream(stream);
  }
}
