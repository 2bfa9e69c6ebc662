import { describe, expect, it } from "vitest";
import { aHistory, anExchange, RESET } from "#test/support/builders.ts";
import { Background } from "./background.ts";
import { gatherFacts } from "./run-facts.ts";

const at = (sentAtMs: number, count: number, failing = 0) =>
  Array.from({ length: count }, (_, i) =>
    anExchange({ sentAtMs, ...(i < failing && { outcome: RESET }) }),
  );
function backgroundOf(...exchanges: ReturnType<typeof at>) {
  const background = new Background(gatherFacts(aHistory({ exchanges })));
  for (const exchange of exchanges) background.see(exchange);
  return background;
}

describe("Background", () => {
  it("counts what met no leaving pod", () => {
    const { counts } = backgroundOf(...at(1_000, 10, 1), ...at(5_000, 10, 10), ...at(8_000, 10, 1));
    expect(counts).toEqual({ requests: 20, failures: 2 });
  });

  it("doubts the run when it is worse after the deletions than before them", () => {
    expect(backgroundOf(...at(1_000, 1_000), ...at(8_000, 1_000, 20)).doubts).toHaveLength(1);
  });

  it("does not doubt it for failures that were as frequent before", () => {
    expect(backgroundOf(...at(1_000, 1_000, 20), ...at(8_000, 1_000, 20)).doubts).toEqual([]);
    expect(backgroundOf(...at(1_000, 1_000, 20), ...at(8_000, 1_000)).doubts).toEqual([]);
  });
});
