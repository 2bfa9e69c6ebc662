import { createInflate, type Inflate } from "node:zlib";
import { SPDY_DICTIONARY } from "./dictionary.ts";

/** The headers of one stream, in lower case. */
export type SpdyHeaders = ReadonlyMap<string, string>;

/** Reads the compressed header blocks of one session, which are one stream of zlib's. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate({ dictionary: SPDY_DICTIONARY });

  /** Blocks have to be given in the order of their arrival, one at a time. */
  async read(block: Buffer): Promise<SpdyHeaders> {
    await new Promise<void>((resolve, reject) => {
      this.#inflate.once("error", reject);
      this.#inflate.write(block, () => {
        this.#inflate.off("error", reject);
        resolve();
      });
    });
    // Nobody listens for data, so what the block has become is waiting.
    return parseHeaders((this.#inflate.read() as Buffer | null) ?? Buffer.alloc(0));
  }

  close(): void {
    this.#inflate.destroy();
  }
}

/** Every block that this end sends is empty, so it can be written without compressing anything. */
export class EmptyHeaderWriter {
  #first = true;

  block(): Buffer {
    const block = this.#first ? Buffer.concat([ZLIB_HEADER, NO_HEADERS]) : NO_HEADERS;
    this.#first = false;
    return block;
  }
}

/** A stream that needs a dictionary, and the sum by which the other end knows which one. */
const ZLIB_HEADER = Buffer.from("78bbe3c6a7c2", "hex");
/**
 * A deflate block that is stored as it is: its length, the same inverted, and the number of headers. The
 * empty block after it is what a flush leaves: readers give out what they have when they meet one.
 */
const NO_HEADERS = Buffer.from("000400fbff00000000" + "000000ffff", "hex");

function parseHeaders(text: Buffer): SpdyHeaders {
  let offset = 0;
  const number = () => {
    offset += 4;
    return text.readUInt32BE(offset - 4);
  };
  const word = () => {
    const length = number();
    offset += length;
    return text.toString("utf8", offset - length, offset);
  };
  const count = number();
  return new Map(Array.from({ length: count }, () => [word(), word()] as const));
}
