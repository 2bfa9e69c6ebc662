import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";

/** A log that grows beyond this is rotated; like a real kubelet, readers see the newest file only. */
const MAX_BYTES = 10 * 1024 * 1024;

/** A line without an end longer than this is written in parts. */
const MAX_LINE_BYTES = 16 * 1024;

/** One line as it was written, or the part of one that is longer than a line may be. */
export interface LogLine {
  readonly atMs: number;
  readonly stream: "stdout" | "stderr";
  /** With its newline, unless it is a part of a line. */
  readonly text: string;
}

/**
 * The output of one container instance, in the file format of the Container Runtime Interface:
 * `<RFC 3339 time> <stream> <F for a full line, P for a part> <text>`.
 *
 * Writing is synchronous, so that a reader that has read the file and then listens misses nothing.
 */
export class ContainerLog {
  readonly file: string;
  #descriptor: number | undefined;
  #bytes = 0;
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  readonly #unfinished = { stdout: "", stderr: "" };
  readonly #taps = new Set<(stream: LogLine["stream"], chunk: Buffer) => void>();
  readonly #listeners = new Set<(line: LogLine | undefined) => void>();

  constructor(file: string) {
    this.file = file;
    mkdirSync(dirname(file), { recursive: true });
    this.#descriptor = openSync(file, "a");
  }

  write(stream: LogLine["stream"], chunk: Buffer): void {
    for (const tap of this.#taps) tap(stream, chunk);
    const text = this.#decoders[stream].write(chunk);
    const lines = `${this.#unfinished[stream]}${text}`.split("\n");
    this.#unfinished[stream] = lines.pop() ?? "";
    const atMs = Date.now();
    this.#append(lines.map((line) => ({ atMs, stream, text: `${line}\n` })));
    if (this.#unfinished[stream].length > MAX_LINE_BYTES) this.#appendUnfinished(stream);
  }

  /** The instance has ended; followers are told. Harmless when repeated. */
  close(): void {
    if (this.#descriptor === undefined) return;
    this.#appendUnfinished("stdout");
    this.#appendUnfinished("stderr");
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    for (const listener of this.#listeners) listener(undefined);
    this.#listeners.clear();
    this.#taps.clear();
  }

  read(): readonly LogLine[] {
    return readFileSync(this.file, "utf8").split("\n").flatMap(parseLine);
  }

  /** Calls back with each line from now on, and with undefined at the end. Returns how to stop. */
  follow(listener: (line: LogLine | undefined) => void): () => void {
    if (this.#descriptor === undefined) listener(undefined);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls back with the output as it comes, whole lines or not. Returns how to stop. */
  tap(listener: (stream: LogLine["stream"], chunk: Buffer) => void): () => void {
    this.#taps.add(listener);
    return () => this.#taps.delete(listener);
  }

  #appendUnfinished(stream: LogLine["stream"]): void {
    const text = this.#unfinished[stream];
    this.#unfinished[stream] = "";
    if (text !== "") this.#append([{ atMs: Date.now(), stream, text }]);
  }

  #append(lines: readonly LogLine[]): void {
    if (this.#descriptor === undefined || lines.length === 0) return;
    if (this.#bytes > MAX_BYTES) this.#descriptor = this.#rotate(this.#descriptor);
    this.#bytes += writeSync(this.#descriptor, lines.map(formatLine).join(""));
    for (const listener of this.#listeners) for (const line of lines) listener(line);
  }

  #rotate(descriptor: number): number {
    closeSync(descriptor);
    renameSync(this.file, `${this.file}.1`);
    this.#bytes = 0;
    return openSync(this.file, "a");
  }
}

/** The time stamp that `--timestamps` prints. */
export function logTimestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace("Z", "000000Z");
}

function formatLine({ atMs, stream, text }: LogLine): string {
  const full = text.endsWith("\n");
  return `${logTimestamp(atMs)} ${stream} ${full ? "F" : "P"} ${full ? text : `${text}\n`}`;
}

function parseLine(line: string): readonly LogLine[] {
  const match = /^(\S+) (stdout|stderr) ([FP]) (.*)$/s.exec(line);
  if (match === null) return [];
  const [, at = "", stream, tag, text = ""] = match;
  return [
    {
      atMs: Date.parse(at),
      stream: stream === "stderr" ? "stderr" : "stdout",
      text: tag === "F" ? `${text}\n` : text,
    },
  ];
}
