import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { decodeWord, WORD_BYTES } from "#domain/data-path-record.ts";
import type { DataPathWord } from "#domain/data-path-word.ts";
import { RUN_FILES } from "./run-folder.ts";

const CHUNK_WORDS = 16_384;

/** What the data path said, read anew at each pass; a record that a killed run did not finish is none. */
export function readDataPath(directory: string): Iterable<DataPathWord> {
  return {
    *[Symbol.iterator]() {
      const file = openSync(join(directory, RUN_FILES.dataPath), "r");
      try {
        const backends = readBackends(directory);
        const chunk = new Uint8Array(CHUNK_WORDS * WORD_BYTES);
        const view = new DataView(chunk.buffer);
        for (let at = 0; ; ) {
          const read = readSync(file, chunk, 0, chunk.length, at);
          const whole = read - (read % WORD_BYTES);
          if (whole === 0) return;
          for (let offset = 0; offset < whole; offset += WORD_BYTES) {
            yield decodeWord(view, offset, backends);
          }
          at += whole;
        }
      } finally {
        closeSync(file);
      }
    },
  };
}

function readBackends(directory: string): readonly string[] {
  const path = join(directory, RUN_FILES.backends);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as string); // written by DataPathFile
}
