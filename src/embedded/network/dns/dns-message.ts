/** What a client asks: one question, as nearly all of them do. */
export interface DnsQuestion {
  readonly id: number;
  /** In small letters, without the last dot. */
  readonly name: string;
  readonly type: number;
  /** The question as it came, which an answer repeats. */
  readonly raw: Buffer;
  readonly wantsRecursion: boolean;
}

/** The types of records that are answered, by their number in the protocol. */
export const RECORD = { a: 1, cname: 5, ptr: 12, srv: 33 } as const;

/** How the server took the question. */
export const CODE = { ok: 0, noSuchName: 3, refused: 5 } as const;

/** One answer, by the number of its type. */
export type DnsRecord = RecordData & {
  /** Whose it is, if not the name's that was asked for. */
  readonly owner?: string;
};

type RecordData =
  | { readonly type: typeof RECORD.a; readonly address: string }
  | { readonly type: typeof RECORD.cname | typeof RECORD.ptr; readonly target: string }
  | { readonly type: typeof RECORD.srv; readonly port: number; readonly target: string };

const HEADER_BYTES = 12;
/** What is asked about, as a pointer to where the question has it. */
const NAME_OF_QUESTION = Buffer.from([0xc0, HEADER_BYTES]);
const CLASS_INTERNET = 1;
/** Services come and go: nobody should remember for long. */
const TTL_SECONDS = 5;

/** Undefined for what is no question, which gets no answer. */
export function parseQuestion(message: Buffer): DnsQuestion | undefined {
  if (message.length < HEADER_BYTES || (message.readUInt8(2) & 0x80) !== 0) return undefined;
  if (message.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(
      message
        .subarray(at, at + length)
        .toString("latin1")
        .toLowerCase(),
    );
    at += length;
  }
  if (message.length < at + 4) return undefined;
  return {
    id: message.readUInt16BE(0),
    name: labels.join("."),
    type: message.readUInt16BE(at),
    raw: message.subarray(HEADER_BYTES, at + 4),
    wantsRecursion: (message.readUInt8(2) & 1) !== 0,
  };
}

/** An answer with authority, unless the name is none of ours. */
export function encodeAnswer(
  question: DnsQuestion,
  code: number,
  records: readonly DnsRecord[],
): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(question.id, 0);
  const authority = code === CODE.refused ? 0 : 0x04;
  header.writeUInt8(0x80 | authority | (question.wantsRecursion ? 1 : 0), 2);
  header.writeUInt8(0x80 | code, 3);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question.raw, ...records.map(encodeRecord)]);
}

function encodeRecord(record: DnsRecord): Buffer {
  const data = encodeData(record);
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(record.type, 0);
  fixed.writeUInt16BE(CLASS_INTERNET, 2);
  fixed.writeUInt32BE(TTL_SECONDS, 4);
  fixed.writeUInt16BE(data.length, 8);
  const owner = record.owner === undefined ? NAME_OF_QUESTION : encodeName(record.owner);
  return Buffer.concat([owner, fixed, data]);
}

function encodeData(record: DnsRecord): Buffer {
  switch (record.type) {
    case RECORD.a:
      return Buffer.from(record.address.split(".").map(Number));
    case RECORD.cname:
    case RECORD.ptr:
      return encodeName(record.target);
    case RECORD.srv: {
      const [priority, weight] = [0, 100];
      const fixed = Buffer.alloc(6);
      fixed.writeUInt16BE(priority, 0);
      fixed.writeUInt16BE(weight, 2);
      fixed.writeUInt16BE(record.port, 4);
      return Buffer.concat([fixed, encodeName(record.target)]);
    }
  }
}

function encodeName(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  const parts = labels.map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]));
  return Buffer.concat([...parts, Buffer.of(0)]);
}
