import assert from "node:assert/strict";
import { describe, expect, it } from "vitest";
import { METRICS } from "#domain/metric.ts";
import { openRun } from "#history/open-run.ts";
import { readExchanges } from "#history/read-exchanges.ts";
import { judged, SEEDS } from "./numbers-of.ts";
import { randomHistory } from "./random-history.ts";
import { temporaryFolder, writeRun } from "./run-on-disk.ts";

describe("judging a history again", () => {
  it.each(SEEDS)("gives the same report (seed %i)", (seed) => {
    const history = randomHistory(seed);
    assert.deepEqual(judged(history), judged(history));
  });

  it.each(SEEDS)("gives the same report from the run's files (seed %i)", async (seed) => {
    using folder = temporaryFolder();
    const history = randomHistory(seed);
    const directory = await writeRun(folder.path, history);
    assert.deepEqual(judged(await openRun(directory)), judged(history));
  });

  it.each(SEEDS)(
    "gives the same report in whatever portions they are read (seed %i)",
    async (seed) => {
      using folder = temporaryFolder();
      const history = randomHistory(seed);
      const directory = await writeRun(folder.path, history);
      const streams = history.header.load.map(({ name }) => name);
      for (const chunkBytes of [64, 100, 64 * (1 + (seed % 7)), 1_000_000]) {
        const exchanges = readExchanges(directory, streams, chunkBytes);
        assert.deepEqual(judged({ ...history, exchanges }), judged(history));
      }
    },
  );

  it("is tried on histories in which every metric is measured and something fails", () => {
    const reports = SEEDS.map((seed) => judged(randomHistory(seed)));
    const measured = reports.flatMap(({ results, ungated }) =>
      [...results.map(({ measurement }) => measurement), ...ungated].filter(({ value }) => value),
    );
    const names = new Set(measured.map(({ metric }) => metric));
    expect(names).toEqual(new Set(METRICS.map(({ name }) => name)));
    expect(new Set(reports.map(({ verdict }) => verdict))).toEqual(
      new Set(["fail", "inconclusive"]),
    );
  });
});
