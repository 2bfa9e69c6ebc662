import { expect, it } from "vitest";
import { PartTally } from "./part-tally.ts";
import type { RunPart } from "./run-facts.ts";

const part = (fromMs: number, untilMs: number) => ({ span: { fromMs, untilMs } }) as RunPart; // what is read
const FIRST = part(0, 10_000);
const SECOND = part(11_000, 20_000);

it("says nothing of the worst run where there is one run, or no case at all", () => {
  const alone = new PartTally({ parts: [FIRST], starvation: undefined });
  alone.add(1_000);
  expect([alone.worst, alone.described]).toEqual([1, ""]);
  const none = new PartTally({ parts: [FIRST, SECOND], starvation: undefined });
  expect([none.worst, none.described]).toEqual([0, ""]);
});

it("counts the cases of each run apart, and tells the worst", () => {
  const both = new PartTally({ parts: [FIRST, SECOND], starvation: undefined });
  for (const atMs of [1_000, 12_000, 12_001]) both.add(atMs);
  expect([both.worst, both.described]).toEqual([2, ", at most 2 in one of 2 runs"]);
});
