/**
 * As much of DER as a certificate needs. Every value is tag, length, content; what is built from others
 * takes them encoded.
 */
export const Der = {
  sequence: (...items: readonly Buffer[]) => encode(0x30, Buffer.concat(items)),
  set: (...items: readonly Buffer[]) => encode(0x31, Buffer.concat(items)),
  /** A non-negative integer from its big-endian bytes. */
  integer: (bytes: Buffer) => {
    // A leading one bit would read as a minus sign.
    const isNegative = ((bytes[0] ?? 0) & 0x80) !== 0;
    return encode(0x02, isNegative ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
  },
  boolean: (value: boolean) => encode(0x01, Buffer.of(value ? 0xff : 0)),
  utf8: (text: string) => encode(0x0c, Buffer.from(text)),
  octets: (bytes: Buffer) => encode(0x04, bytes),
  /** `unusedBits` at the end of the last byte do not count. */
  bits: (bytes: Buffer, unusedBits = 0) =>
    encode(0x03, Buffer.concat([Buffer.of(unusedBits), bytes])),
  /** Dates from 1950 to 2049. */
  utcTime: (atMs: number) => {
    const digits = new Date(atMs).toISOString().replace(/[-:T]/g, "");
    return encode(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
  },
  oid: (dotted: string) => encode(0x06, oidBytes(dotted)),
  /** A context-specific tag around encoded values. */
  explicit: (tag: number, ...items: readonly Buffer[]) => encode(0xa0 | tag, Buffer.concat(items)),
  /** A context-specific tag instead of the value's own. */
  implicit: (tag: number, bytes: Buffer) => encode(0x80 | tag, bytes),
} as const;

function encode(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return Buffer.of(0x80 | bytes.length, ...bytes);
}

function oidBytes(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return Buffer.from([first * 40 + second, ...rest].flatMap(base128));
}

function base128(value: number): readonly number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
