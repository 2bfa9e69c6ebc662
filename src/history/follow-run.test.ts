import { appendFileSync, existsSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Observation } from "#domain/observation.ts";
import { readRecords, temporaryFolder, writeExchanges } from "#test/properties/run-on-disk.ts";
import { aHistory, anExchange, aPod, seen } from "#test/support/builders.ts";
import { FollowedFolder } from "./follow-run.ts";

function aGrowingRun(directory: string) {
  writeFileSync(join(directory, "header.json"), JSON.stringify(aHistory().header));
  const folder = new FollowedFolder(directory);
  return {
    folder,
    /** What is read now, and nothing that was read before. */
    read: () => {
      const [observed, exchanged]: [Observation[], string[]] = [[], []];
      folder.readOn({
        observe: (observation) => void observed.push(observation),
        see: ({ seq, servedBy = "nobody" }) => void exchanged.push(`${seq} ${servedBy}`),
      });
      return { observed, exchanged };
    },
  };
}

const NOTHING = { observed: [], exchanged: [] };

describe("FollowedFolder", () => {
  it("reads each exchange once, with the name of its pod, and waits for those that are torn", () => {
    using temporary = temporaryFolder();
    const { folder, read } = aGrowingRun(temporary.path);
    expect(read()).toEqual(NOTHING);
    const file = join(temporary.path, "exchanges-reused.bin");
    const exchanges = ["a", "b", "c"].map((servedBy, seq) => anExchange({ seq, servedBy }));
    writeExchanges(temporary.path, "reused", exchanges);
    const whole = readRecords(temporary.path, "reused");
    writeFileSync(file, whole.subarray(0, 100));
    expect(read().exchanged).toEqual(["0 a"]);
    expect(read().exchanged).toEqual([]);
    appendFileSync(file, whole.subarray(100));
    expect(read().exchanged).toEqual(["1 b", "2 c"]);
    folder.close();
  });

  it("reads each observation once, and waits for the end of its line", () => {
    using temporary = temporaryFolder();
    const { folder, read } = aGrowingRun(temporary.path);
    const file = join(temporary.path, "observations.ndjson");
    const [first, second] = [seen(1, aPod()), seen(2, aPod({ name: "wéb-2" }))];
    const line = Buffer.from(`${JSON.stringify(second)}\n`);
    writeFileSync(file, `${JSON.stringify(first)}\n`);
    appendFileSync(file, line.subarray(0, line.indexOf(0xc3) + 1)); // within a letter
    expect(read().observed).toEqual([first]);
    appendFileSync(file, line.subarray(line.indexOf(0xc3) + 1));
    expect(read().observed).toEqual([second]);
    folder.close();
  });

  it("reads on behind an observation that is longer than it reads at once", () => {
    using temporary = temporaryFolder();
    const { folder, read } = aGrowingRun(temporary.path);
    const long = seen(1, aPod({ name: "x".repeat(3 * 1024 * 1024) }));
    const lines = [long, seen(2, aPod())].map((one) => `${JSON.stringify(one)}\n`);
    writeFileSync(join(temporary.path, "observations.ndjson"), lines.join(""));
    expect(Array.from({ length: 6 }, () => read().observed).flat()).toHaveLength(2);
    folder.close();
  });

  it("catches up step by step with a run that has long been going on", () => {
    using temporary = temporaryFolder();
    const { folder, read } = aGrowingRun(temporary.path);
    const exchanges = Array.from({ length: 10_000 }, (_, seq) => anExchange({ seq }));
    writeExchanges(temporary.path, "reused", exchanges);
    expect([read(), read(), read()].map(({ exchanged }) => exchanged.length)).toEqual([
      8_192, 1_808, 0,
    ]);
    folder.close();
  });

  it("leaves no file open", () => {
    using temporary = temporaryFolder();
    const { folder, read } = aGrowingRun(temporary.path);
    writeExchanges(temporary.path, "reused", [anExchange()]);
    writeFileSync(join(temporary.path, "observations.ndjson"), "");
    read();
    const open = () =>
      readdirSync("/proc/self/fd")
        .map((fd) => join("/proc/self/fd", fd))
        .filter((fd) => existsSync(fd) && readlinkSync(fd).startsWith(temporary.path)).length;
    expect(open()).toBe(3);
    folder.close();
    expect(open()).toBe(0);
  });
});
