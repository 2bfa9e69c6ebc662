/** What the other end of a SPDY/3.1 session has said, as far as this end acts upon it. */
export type SpdyFrame =
  | {
      readonly type: "data";
      readonly streamId: number;
      readonly final: boolean;
      readonly payload: Buffer;
    }
  | {
      readonly type: "open";
      readonly streamId: number;
      readonly final: boolean;
      readonly headers: Buffer;
    }
  /** More headers: of no use, but the blocks of a session are one stream, so none may be left out. */
  | { readonly type: "headers"; readonly headers: Buffer }
  | { readonly type: "reset"; readonly streamId: number }
  | { readonly type: "ping"; readonly id: number }
  | { readonly type: "go-away" };

const VERSION = 0x8003;
const TYPE = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7, headers: 8 } as const;
const FINAL = 0x01;
const HEADER_BYTES = 8;
/** One frame of data at most: its length has three bytes, and nobody should wait for that many. */
const LONGEST_DATA_BYTES = 32 * 1024;

/** Takes bytes as they arrive and gives the frames that have become complete. */
export class SpdyFrameParser {
  #pending: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly SpdyFrame[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const frames: SpdyFrame[] = [];
    while (this.#pending.length >= HEADER_BYTES) {
      const length = this.#pending.readUIntBE(5, 3);
      if (this.#pending.length < HEADER_BYTES + length) break;
      const frame = parseFrame(this.#pending.subarray(0, HEADER_BYTES + length));
      this.#pending = this.#pending.subarray(HEADER_BYTES + length);
      if (frame !== undefined) frames.push(frame);
    }
    return frames;
  }
}

function parseFrame(frame: Buffer): SpdyFrame | undefined {
  const first = frame.readUInt32BE(0);
  const final = (frame.readUInt8(4) & FINAL) !== 0;
  const payload = frame.subarray(HEADER_BYTES);
  if (first < 0x8000_0000) return { type: "data", streamId: first, final, payload };
  const streamId = () => payload.readUInt32BE(0) & 0x7fff_ffff;
  switch (frame.readUInt16BE(2)) {
    case TYPE.synStream:
      return { type: "open", streamId: streamId(), final, headers: payload.subarray(10) };
    case TYPE.synReply:
    case TYPE.headers:
      return { type: "headers", headers: payload.subarray(4) };
    case TYPE.reset:
      return { type: "reset", streamId: streamId() };
    case TYPE.ping:
      return { type: "ping", id: payload.readUInt32BE(0) };
    case TYPE.goAway:
      return { type: "go-away" };
    default:
      return undefined; // settings and windows: both ends send as much as they like
  }
}

/** Data of a stream in as many frames as it takes; `final` ends this direction. */
export function encodeData(streamId: number, content: Buffer, final = false): Buffer {
  const frames: Buffer[] = [];
  for (let offset = 0; offset === 0 || offset < content.length; offset += LONGEST_DATA_BYTES) {
    const payload = content.subarray(offset, offset + LONGEST_DATA_BYTES);
    const isLast = offset + LONGEST_DATA_BYTES >= content.length;
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32BE(streamId, 0);
    header.writeUInt8(final && isLast ? FINAL : 0, 4);
    header.writeUIntBE(payload.length, 5, 3);
    frames.push(header, payload);
  }
  return Buffer.concat(frames);
}

/** Accepts a stream that the other end has opened. */
export function encodeReply(streamId: number, headers: Buffer): Buffer {
  return control(TYPE.synReply, Buffer.concat([number(streamId), headers]));
}

/** Refuses a stream, or breaks it off. */
export function encodeReset(streamId: number, status: number): Buffer {
  return control(TYPE.reset, Buffer.concat([number(streamId), number(status)]));
}

/** Gives a ping back. */
export function encodePing(id: number): Buffer {
  return control(TYPE.ping, number(id));
}

function control(type: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(VERSION, 0);
  header.writeUInt16BE(type, 2);
  header.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([header, payload]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
