import { parseResponseHead, type ResponseHead } from "./response-head.ts";

/** A longer head is refused, as Node's own client refuses it. */
const MAX_HEAD_BYTES = 64 * 1024;
const MAX_LINE_BYTES = 4 * 1024;
const HEAD_END = Buffer.from("\r\n\r\n");
const NOTHING = Buffer.alloc(0);
const CHUNK_SIZE = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i;

type Part = "head" | "sized" | "chunk-size" | "chunk" | "chunk-end" | "trailers" | "until-close";

/**
 * Reads the answer to one request at a time, strictly: what is not HTTP/1.1 is an error and never guessed
 * at, because an answer that was cut must not be completed by the bytes of the next.
 */
export class ResponseParser {
  head: ResponseHead | undefined;
  complete = false;
  /** Why the bytes are no answer. */
  malformed: string | undefined;
  /** How many bytes came after the end of the answer; nobody asked for them. */
  surplus = 0;
  readonly #keepBody: boolean;
  #method = "GET";
  #part: Part = "head";
  #left = 0;
  #line: Buffer = NOTHING;
  #body: Buffer[] = [];

  /** Bodies are only counted unless an expectation has to read them. */
  constructor(keepBody: boolean) {
    this.#keepBody = keepBody;
  }

  /** Forgets the last answer; the method decides whether the next has a body. */
  expect(method: string): void {
    this.#method = method;
    this.head = undefined;
    this.complete = false;
    this.#part = "head";
    this.#line = NOTHING;
    this.#body = [];
  }

  /** Whether the head has not begun yet. */
  get untouched(): boolean {
    return this.head === undefined && this.#line.length === 0;
  }

  get body(): string {
    return Buffer.concat(this.#body).toString("utf8");
  }

  push(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.complete && this.malformed === undefined)
      at = this.#read(bytes, at);
    if (this.complete) this.surplus += bytes.length - at;
  }

  /** The connection has ended in order: completes an answer that only its end delimits. */
  finish(): void {
    if (this.#part === "until-close" && this.head !== undefined) this.complete = true;
  }

  /** Takes what it can from `at` on and returns where it stopped. */
  #read(bytes: Buffer, at: number): number {
    switch (this.#part) {
      case "head":
        return this.#readHead(bytes, at);
      case "sized":
      case "chunk":
      case "until-close":
        return this.#readBody(bytes, at);
      case "chunk-size":
      case "chunk-end":
      case "trailers":
        return this.#readLine(bytes, at);
    }
  }

  #readHead(bytes: Buffer, at: number): number {
    const known = this.#line.length;
    const text = known === 0 ? bytes.subarray(at) : Buffer.concat([this.#line, bytes.subarray(at)]);
    const end = text.indexOf(HEAD_END, Math.max(0, known - 3));
    if (end < 0 || end > MAX_HEAD_BYTES) {
      this.#line = text;
      if (text.length > MAX_HEAD_BYTES) this.malformed = "The head of the answer is too long.";
      return bytes.length;
    }
    this.#line = NOTHING;
    this.#begin(parseResponseHead(text.toString("latin1", 0, end), this.#method));
    return at + end + HEAD_END.length - known;
  }

  #begin(head: ResponseHead | string): void {
    if (typeof head === "string") {
      this.malformed = head;
      return;
    }
    if (head.status < 200) {
      // An interim answer (100, 103) comes before the real one. Nobody asked to switch protocols.
      if (head.status === 101) this.malformed = "The server switched protocols unasked.";
      return;
    }
    this.head = head;
    const { framing } = head;
    this.#left = framing.type === "sized" ? framing.bytes : 0;
    if (framing.type === "none" || (framing.type === "sized" && framing.bytes === 0))
      this.complete = true;
    else this.#part = framing.type === "chunked" ? "chunk-size" : framing.type;
  }

  #readBody(bytes: Buffer, at: number): number {
    const endless = this.#part === "until-close";
    const end = endless ? bytes.length : Math.min(bytes.length, at + this.#left);
    if (this.#keepBody) this.#body.push(bytes.subarray(at, end));
    if (endless) return end;
    this.#left -= end - at;
    if (this.#left > 0) return end;
    if (this.#part === "sized") this.complete = true;
    else this.#part = "chunk-end";
    return end;
  }

  #readLine(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(10, at);
    const piece = bytes.subarray(at, end < 0 ? bytes.length : end + 1);
    const line = this.#line.length === 0 ? piece : Buffer.concat([this.#line, piece]);
    if (line.length > MAX_LINE_BYTES) this.malformed = "A line between chunks is too long.";
    this.#line = end < 0 ? line : NOTHING;
    if (end >= 0) this.#takeLine(line.toString("latin1"));
    return at + piece.length;
  }

  #takeLine(line: string): void {
    const text = line.endsWith("\r\n") ? line.slice(0, -2) : undefined;
    if (text === undefined) {
      this.malformed = "A line between chunks does not end in CR LF.";
    } else if (this.#part === "chunk-end") {
      this.#part = "chunk-size";
      if (text !== "") this.malformed = "A chunk is longer than it said.";
    } else if (this.#part === "trailers") {
      if (text === "") this.complete = true;
    } else {
      const size = CHUNK_SIZE.exec(text)?.[1];
      if (size === undefined) this.malformed = "A chunk begins without its size.";
      this.#left = Number.parseInt(size ?? "0", 16);
      this.#part = this.#left === 0 ? "trailers" : "chunk";
    }
  }
}
