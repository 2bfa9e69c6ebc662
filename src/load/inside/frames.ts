import type { WorkerReport } from "./worker-messages.ts";

/** A report, and the bytes that belong to it; empty for all but parts of files. */
export interface Frame {
  readonly report: WorkerReport;
  readonly content: Buffer;
}

/*
 * A frame is two lengths as u32, big-endian, then a report as JSON, then its content:
 * a stream of bytes has no messages of its own, and a ledger is not text.
 */
const HEAD_BYTES = 8;

/** No report of ours comes near this; a length beyond it means that something else wrote to the stream. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Both lengths first, so that the other side knows where each part ends. */
export function encodeFrame(report: WorkerReport, content: Uint8Array = Buffer.alloc(0)): Buffer {
  const text = Buffer.from(JSON.stringify(report));
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(text.length, 0);
  head.writeUInt32BE(content.length, 4);
  return Buffer.concat([head, text, content]);
}

/** Cuts a stream of bytes into frames, wherever its chunks were cut. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** Throws a RangeError when these are no frames. */
  push(chunk: Buffer): readonly Frame[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    if (this.#bytes < HEAD_BYTES) return undefined;
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    const text = bytes.readUInt32BE(0);
    const content = bytes.readUInt32BE(4);
    if (text > MOST_BYTES || content > MOST_BYTES)
      throw new RangeError(`what it said is no report: ${bytes.subarray(0, 80).toString()}`);
    const contentAt = HEAD_BYTES + text;
    const end = contentAt + content;
    if (bytes.length < end) return undefined;
    this.#chunks = [bytes.subarray(end)];
    this.#bytes -= end;
    return {
      report: JSON.parse(bytes.toString("utf8", HEAD_BYTES, contentAt)) as WorkerReport, // of our own version
      content: bytes.subarray(contentAt, end),
    };
  }
}
