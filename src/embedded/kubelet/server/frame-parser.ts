/** One WebSocket frame (RFC 6455), unmasked. */
export interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly payload: Buffer;
}

/** The kinds of frames that are told apart, by their number in RFC 6455. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Nobody types that much at once, and nobody may make the kubelet keep more. */
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

/** Takes bytes as they arrive and gives the frames that have become complete. */
export class FrameParser {
  #pending: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly Frame[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const frames: Frame[] = [];
    for (let frame = this.#take(); frame !== undefined; frame = this.#take()) frames.push(frame);
    return frames;
  }

  #take(): Frame | undefined {
    const buffer = this.#pending;
    if (buffer.length < 2) return undefined;
    const [first, second] = [buffer.readUInt8(0), buffer.readUInt8(1)];
    const masked = (second & 0x80) !== 0;
    const short = second & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const maskAt = 2 + lengthBytes;
    const payloadAt = maskAt + (masked ? 4 : 0);
    if (buffer.length < payloadAt) return undefined;
    const length =
      lengthBytes === 2 ? buffer.readUInt16BE(2) : lengthBytes === 8 ? longLength(buffer) : short;
    if (length > MAX_PAYLOAD_BYTES) throw new Error(`a frame of ${length} bytes is too long`);
    if (buffer.length < payloadAt + length) return undefined;
    const payload = Buffer.from(buffer.subarray(payloadAt, payloadAt + length));
    if (masked) unmask(payload, buffer.subarray(maskAt, payloadAt));
    this.#pending = buffer.subarray(payloadAt + length);
    return { opcode: first & 0x0f, final: (first & 0x80) !== 0, payload };
  }
}

/** A final frame as a server sends it: unmasked. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 0x1_0000 ? 4 : 10);
  header.writeUInt8(0x80 | opcode, 0);
  if (header.length === 2) header.writeUInt8(length, 1);
  if (header.length === 4) header.writeUInt8(126, 1);
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeUInt8(127, 1);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

function longLength(buffer: Buffer): number {
  return Number(buffer.readBigUInt64BE(2));
}

function unmask(payload: Buffer, mask: Buffer): void {
  for (let index = 0; index < payload.length; index += 1) {
    payload.writeUInt8(payload.readUInt8(index) ^ mask.readUInt8(index % 4), index);
  }
}
