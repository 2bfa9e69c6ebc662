import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadCatches } from "#cli/self-test/catches.ts";
import { loadScenario } from "#scenario/load-scenario.ts";

const catches = await loadCatches(import.meta.dirname);
const faults = catches.filter(({ expectation }) => expectation.verdict !== "pass");

describe("the catches", () => {
  it("are at least twenty faults and five healthy workloads, and six of them are quick", () => {
    expect(faults.length).toBeGreaterThanOrEqual(20);
    expect(catches.length - faults.length).toBeGreaterThanOrEqual(5);
    const quick = catches.filter(({ expectation }) => expectation.quick);
    expect(quick.map(({ name }) => name)).toEqual([
      "healthy",
      "nothing-terminates",
      "shop-closes-listener-early",
      "shop-exits-at-once",
      "shop-half-commits",
      "shop-ignores-sigterm",
    ]);
  });

  it("are all described in docs/self-test.md", () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/self-test.md"), "utf8");
    const described = [...page.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name);
    expect(described.toSorted()).toEqual(catches.map(({ name }) => name));
  });

  it.each(catches)("$name has a scenario that loads and an answer that fits it", async (one) => {
    const { directory, expectation } = one;
    const scenario = await loadScenario(directory);
    expect(scenario.name).toBe(one.name);
    const { thresholds, crossed, kept, reasons, verdict } = expectation;
    const promised = thresholds.map(({ metric }) => metric);
    expect(promised).toEqual(expect.arrayContaining([...crossed, ...kept]));
    expect(crossed.length > 0).toBe(verdict === "fail");
    expect(expectation.advice !== undefined).toBe(verdict === "fail");
    const streams = scenario.load.map((stream) => stream.name);
    for (const reason of reasons)
      if (reason.type === "failures") expect(streams).toContain(reason.stream);
  });
});
