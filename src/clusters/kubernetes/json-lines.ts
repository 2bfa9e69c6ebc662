import { StringDecoder } from "node:string_decoder";

/** Cuts a byte stream into its lines; an unfinished line waits for its end. */
export class JsonLines {
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";

  push(chunk: Buffer): readonly string[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.filter((line) => line.trim() !== "");
  }
}
