import { type Exchange, FAILURE_CLASSES, type Outcome, UNDELIVERED_REASONS } from "./exchange.ts";

/*
 * The ledger of one stream is two files that only ever grow.
 *
 * `exchanges-<stream>.bin` holds one record of 64 bytes per exchange, in the order in which they ended,
 * little-endian, without a header: record n begins at byte 64 n, and a file can be cut, joined or read
 * from the middle at any multiple of 64.
 *
 * `exchanges-<stream>.pods.ndjson` holds one JSON string a line; line n (from 1) is the pod that records
 * call n. A name is written before the first record that needs it. So whoever reads a growing ledger
 * takes the length of the records first and the names after, and never meets a number without a name.
 *
 *   byte  type  field
 *      0  f64   scheduledAtMs
 *      8  f64   sentAtMs
 *     16  f64   connectedAtMs, NaN when the connection was never established
 *     24  f64   firstByteAtMs, NaN when no byte came
 *     32  f64   endedAtMs
 *     40  u32   seq
 *     44  u32   connectionId
 *     48  u32   bytes, low part
 *     52  u16   bytes, high part
 *     54  u16   localPort, 0 when unknown
 *     56  u16   pod, a line number of the pods file, 0 when nobody answered
 *     58  u16   status, 0 when there was none
 *     60  u8    outcome: 1 ok, 2 failed, 3 indeterminate, 4 undelivered
 *     61  u8    reason: a place in FAILURE_CLASSES or UNDELIVERED_REASONS, 0 for ok
 *     62  u8    flags: 1 the connection was reused, 2 late; and 4 times the entrance, 0 when unknown
 *     63  u8    RECORD_MARK, so that a torn or shifted file is noticed
 */

/** The size of every record; a length that is no multiple of it means that the last one is torn. */
export const EXCHANGE_BYTES = 64;

/** The highest pod number that a record can hold. */
export const MAX_POD_NUMBER = 0xff_ff;

/** The highest entrance number that a record can hold; a higher one is recorded as unknown. */
export const MAX_ENTRANCE = 0x3f;

const RECORD_MARK = 0x4c;
const REUSED = 1;
const LATE = 2;
const ENTRANCE_SHIFT = 2;
const OUTCOME_TYPES = ["ok", "failed", "indeterminate", "undelivered"] as const;
const HIGH = 2 ** 32;

/** An exchange as its file knows it: the stream is the file, and the pod is a number. */
export interface ExchangeRecord extends Omit<Exchange, "stream" | "servedBy"> {
  /** A line number of the pods file, from 1; 0 when nobody answered. */
  readonly pod: number;
}

/** What the records of one file leave out. */
export interface LedgerNames {
  readonly stream: string;
  /** The lines of the pods file, in their order. */
  readonly pods: readonly string[];
}

/** The name of the file of a stream's records, safe for any stream name. */
export function exchangesFileName(stream: string): string {
  return `exchanges-${encodeURIComponent(stream)}.bin`;
}

/** The name of the file that says which pods the numbers in a stream's records stand for. */
export function podsFileName(stream: string): string {
  return `exchanges-${encodeURIComponent(stream)}.pods.ndjson`;
}

/** Writes one record at `offset`; every byte of the 64 is written, so a buffer may be used again. */
export function encodeExchange(view: DataView, offset: number, record: ExchangeRecord): void {
  const { outcome } = record;
  view.setFloat64(offset, record.scheduledAtMs, true);
  view.setFloat64(offset + 8, record.sentAtMs, true);
  view.setFloat64(offset + 16, record.connectedAtMs ?? Number.NaN, true);
  view.setFloat64(offset + 24, record.firstByteAtMs ?? Number.NaN, true);
  view.setFloat64(offset + 32, record.endedAtMs, true);
  view.setUint32(offset + 40, record.seq, true);
  view.setUint32(offset + 44, record.connectionId, true);
  view.setUint32(offset + 48, record.bytes % HIGH, true);
  view.setUint16(offset + 52, Math.floor(record.bytes / HIGH), true);
  view.setUint16(offset + 54, record.localPort ?? 0, true);
  view.setUint16(offset + 56, record.pod, true);
  view.setUint16(offset + 58, statusOf(outcome), true);
  view.setUint8(offset + 60, OUTCOME_TYPES.indexOf(outcome.type) + 1);
  view.setUint8(offset + 61, reasonNumber(outcome));
  view.setUint8(offset + 62, flagsOf(record));
  view.setUint8(offset + 63, RECORD_MARK);
}

/** Reads the record at `offset`; throws a RangeError when there is none, because the file is torn or foreign. */
export function decodeExchange(view: DataView, offset: number, names: LedgerNames): Exchange {
  if (view.getUint8(offset + 63) !== RECORD_MARK)
    throw new RangeError(`No exchange record at byte ${offset} of stream "${names.stream}".`);
  const connectedAtMs = view.getFloat64(offset + 16, true);
  const firstByteAtMs = view.getFloat64(offset + 24, true);
  const localPort = view.getUint16(offset + 54, true);
  const flags = view.getUint8(offset + 62);
  const entrance = flags >>> ENTRANCE_SHIFT;
  // What is absent is undefined, not left out: all exchanges have one shape, and readers stay fast.
  return {
    seq: view.getUint32(offset + 40, true),
    stream: names.stream,
    scheduledAtMs: view.getFloat64(offset, true),
    sentAtMs: view.getFloat64(offset + 8, true),
    connectedAtMs: Number.isNaN(connectedAtMs) ? undefined : connectedAtMs,
    firstByteAtMs: Number.isNaN(firstByteAtMs) ? undefined : firstByteAtMs,
    endedAtMs: view.getFloat64(offset + 32, true),
    connection: (flags & REUSED) === 0 ? "new" : "reused",
    connectionId: view.getUint32(offset + 44, true),
    localPort: localPort === 0 ? undefined : localPort,
    entrance: entrance === 0 ? undefined : entrance,
    servedBy: podName(view.getUint16(offset + 56, true), names),
    bytes: view.getUint32(offset + 48, true) + view.getUint16(offset + 52, true) * HIGH,
    late: (flags & LATE) !== 0,
    outcome: outcomeAt(view, offset),
  };
}

/** Millions of exchanges share a few outcomes, which nobody changes; by the four bytes that state them. */
const OUTCOMES = new Map<number, Outcome>();

function outcomeAt(view: DataView, offset: number): Outcome {
  const code = view.getUint32(offset + 58, true);
  let outcome = OUTCOMES.get(code);
  if (outcome === undefined) {
    outcome = decodeOutcome(view, offset);
    OUTCOMES.set(code, outcome);
  }
  return outcome;
}

function decodeOutcome(view: DataView, offset: number): Outcome {
  const status = view.getUint16(offset + 58, true);
  const reason = view.getUint8(offset + 61);
  const type = OUTCOME_TYPES[view.getUint8(offset + 60) - 1];
  if (type === "ok") return { type, status };
  if (type === "undelivered") return { type, reason: nth(UNDELIVERED_REASONS, reason) };
  if (type === undefined)
    throw new RangeError(`Unknown outcome in the exchange record at byte ${offset}.`);
  const why = { reason: nth(FAILURE_CLASSES, reason), ...(status === 0 ? undefined : { status }) };
  return type === "failed" ? { type, ...why } : { type, ...why };
}

function flagsOf({ connection, late, entrance = 0 }: ExchangeRecord): number {
  const known = entrance <= MAX_ENTRANCE ? entrance : 0;
  return (connection === "reused" ? REUSED : 0) | (late ? LATE : 0) | (known << ENTRANCE_SHIFT);
}

function statusOf(outcome: Outcome): number {
  return outcome.type === "undelivered" ? 0 : (outcome.status ?? 0);
}

function reasonNumber(outcome: Outcome): number {
  switch (outcome.type) {
    case "ok":
      return 0;
    case "failed":
    case "indeterminate":
      return FAILURE_CLASSES.indexOf(outcome.reason) + 1;
    case "undelivered":
      return UNDELIVERED_REASONS.indexOf(outcome.reason) + 1;
  }
}

function podName(number: number, { stream, pods }: LedgerNames): string | undefined {
  if (number === 0) return undefined;
  const name = pods[number - 1];
  if (name === undefined)
    throw new RangeError(
      `Stream "${stream}" names ${pods.length} pods, a record names pod ${number}.`,
    );
  return name;
}

function nth<T>(list: readonly T[], number: number): T {
  const item = list[number - 1];
  if (item === undefined) throw new RangeError(`Unknown reason ${number} in an exchange record.`);
  return item;
}
