/** One field as it stands on the wire. */
export type WireField =
  | { readonly type: "varint"; readonly number: number; readonly value: bigint }
  | { readonly type: "bytes"; readonly number: number; readonly bytes: Buffer }
  | { readonly type: "fixed"; readonly number: number; readonly bytes: Buffer };

/** The fields of one protobuf message, in order; throws on what cannot be a message. */
export function* readMessage(message: Buffer): Generator<WireField> {
  let offset = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[offset++];
      if (byte === undefined) throw new Error("unexpected EOF");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Error("varint overflow");
  };
  const take = (length: number): Buffer => {
    if (offset + length > message.length) throw new Error("unexpected EOF");
    offset += length;
    return message.subarray(offset - length, offset);
  };
  while (offset < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        yield { type: "varint", number, value: varint() };
        break;
      case 1:
        yield { type: "fixed", number, bytes: take(8) };
        break;
      case 2:
        yield { type: "bytes", number, bytes: take(Number(varint())) };
        break;
      case 5:
        yield { type: "fixed", number, bytes: take(4) };
        break;
      default:
        throw new Error(`illegal wire type ${tag & 7}`);
    }
  }
}
