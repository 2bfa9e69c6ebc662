import { once } from "node:events";
import { request } from "node:http";
import type { Duplex } from "node:stream";
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from "node:zlib";
import { SPDY_DICTIONARY } from "#embedded/kubelet/server/spdy/dictionary.ts";
import { encodeData } from "#embedded/kubelet/server/spdy/frames.ts";

/** One stream as a client sees it. */
export interface ClientStream {
  readonly text: string;
  readonly ended: boolean;
}

/** The client's side of a SPDY session, as Go's library does it: it opens streams and waits for replies. */
export class SpdyClient {
  readonly streams = new Map<number, { text: string; ended: boolean; replied: boolean }>();
  readonly pings: number[] = [];
  readonly #send: (bytes: Buffer) => void;
  readonly #deflate: Deflate = createDeflate({ dictionary: SPDY_DICTIONARY });
  readonly #inflate: Inflate = createInflate({ dictionary: SPDY_DICTIONARY });
  #pending: Buffer = Buffer.alloc(0);
  #nextId = 1;

  constructor(send: (bytes: Buffer) => void) {
    this.#send = send;
  }

  async open(headers: Readonly<Record<string, string>>): Promise<number> {
    const id = this.#nextId;
    this.#nextId += 2;
    this.streams.set(id, { text: "", ended: false, replied: false });
    const block = await this.#compress(headers);
    this.#send(controlFrame(1, Buffer.concat([word(id), word(0), Buffer.alloc(2), block])));
    return id;
  }

  write(id: number, text: string, final = false): void {
    this.#send(encodeData(id, Buffer.from(text), final));
  }

  ping(id: number): void {
    this.#send(controlFrame(6, word(id)));
  }

  push(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    while (this.#pending.length >= 8) {
      const length = this.#pending.readUIntBE(5, 3);
      if (this.#pending.length < 8 + length) return;
      this.#take(this.#pending.subarray(0, 8 + length));
      this.#pending = this.#pending.subarray(8 + length);
    }
  }

  #take(frame: Buffer): void {
    const first = frame.readUInt32BE(0);
    const payload = frame.subarray(8);
    if (first < 0x8000_0000) {
      const stream = this.streams.get(first);
      if (stream === undefined) throw new Error(`data of a stream ${first} that nobody opened`);
      stream.text += payload.toString();
      stream.ended ||= frame.readUInt8(4) === 1;
      return;
    }
    const type = frame.readUInt16BE(2);
    if (type === 6) this.pings.push(payload.readUInt32BE(0));
    if (type !== 2) return;
    // Go's reader gives out what it has only where a block ends with the mark of a flush.
    if (!payload.toString("hex").endsWith("000000ffff")) throw new Error("a reply is not flushed");
    const stream = this.streams.get(payload.readUInt32BE(0));
    this.#inflate.write(payload.subarray(4), () => {
      const headers = this.#inflate.read() as Buffer | null;
      if (stream !== undefined) stream.replied = headers?.toString("hex") === "00000000";
    });
  }

  async #compress(headers: Readonly<Record<string, string>>): Promise<Buffer> {
    const entries = Object.entries(headers)
      .flat()
      .map((text) => [word(text.length), Buffer.from(text)]);
    this.#deflate.write(Buffer.concat([word(entries.length / 2), ...entries.flat()]));
    await new Promise<void>((resolve) => this.#deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    return this.#deflate.read() as Buffer;
  }
}

/** Upgrades to SPDY/3.1, and resolves to the client on it, or to the status of the refusal. */
export async function connectSpdy(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ client: SpdyClient; socket: Duplex; protocol: string } | number> {
  const sent = request(url, {
    method: "POST",
    headers: { connection: "Upgrade", upgrade: "SPDY/3.1", ...headers },
  });
  sent.end();
  const refused = once(sent, "response").then(([{ statusCode }]) => statusCode as number);
  const upgraded = once(sent, "upgrade").then(([answer, socket, head]) => {
    const client = new SpdyClient((bytes) => socket.write(bytes));
    socket.on("data", (chunk: Buffer) => client.push(chunk));
    client.push(head);
    return { client, socket, protocol: String(answer.headers["x-stream-protocol-version"]) };
  });
  return await Promise.race([upgraded, refused]);
}

function controlFrame(type: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(0x8003, 0);
  header.writeUInt16BE(type, 2);
  header.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([header, payload]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
