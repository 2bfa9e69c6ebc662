import { readdirSync, readlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { temporaryFolder, writeExchanges } from "#test/properties/run-on-disk.ts";
import { anExchange, RESET } from "#test/support/builders.ts";
import { readExchanges } from "./read-exchanges.ts";

/** The files below the folder that this process holds open. */
function openBelow(folder: string): readonly string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return []; // the one that listed them
    }
  });
}

describe("readExchanges", () => {
  it("reads stream after stream, and each time anew, and leaves no file open", () => {
    using folder = temporaryFolder();
    writeExchanges(folder.path, "a", [anExchange({ stream: "a", seq: 1, servedBy: "web-1" })]);
    writeExchanges(
      folder.path,
      "b",
      [1, 2, 3].map((seq) => anExchange({ stream: "b", seq })),
    );
    const exchanges = readExchanges(folder.path, ["a", "never-written", "b"], 128);
    const read = () => [...exchanges].map(({ stream, seq }) => `${stream}${seq}`);
    expect([read(), read()]).toEqual(Array(2).fill(["a1", "b1", "b2", "b3"]));
    expect(openBelow(folder.path)).toEqual([]);
  });

  it("closes the file of a reader that has seen enough, and of one that met a foreign record", () => {
    using folder = temporaryFolder();
    writeExchanges(folder.path, "a", [anExchange({ stream: "a" }), anExchange({ stream: "a" })]);
    for (const _ of readExchanges(folder.path, ["a"])) {
      expect(openBelow(folder.path)).toHaveLength(1);
      break;
    }
    expect(openBelow(folder.path)).toEqual([]);
    writeExchanges(folder.path, "b", [
      { ...anExchange({ stream: "b" }), outcome: { type: "?" } as never },
    ]);
    expect(() => [...readExchanges(folder.path, ["b"])]).toThrow(RangeError);
    expect(openBelow(folder.path)).toEqual([]);
  });

  it("gives exchanges that may be kept: the next one does not change them", () => {
    using folder = temporaryFolder();
    const written = [anExchange({ seq: 1, outcome: RESET }), anExchange({ seq: 2 })];
    writeExchanges(folder.path, "reused", written);
    expect([...readExchanges(folder.path, ["reused"], 64)]).toEqual(written);
  });
});
