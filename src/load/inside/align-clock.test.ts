import { describe, expect, it } from "vitest";
import { seededRandom } from "#domain/seeded-random.ts";
import { alignClock, boundBetween } from "./align-clock.ts";

/** Where the other clock's zero really is, as this one sees it. */
const OFFSET_MS = 123_456;

/** Asks over ways of random lengths, of which the way back is the longer one. */
async function alignedOver(seed: number) {
  const random = seededRandom(seed);
  let nowMs = 1_000;
  const clock = { nowMs: () => nowMs };
  return await alignClock(async () => {
    nowMs += random() * 4;
    const readMs = nowMs + OFFSET_MS;
    nowMs += random() * 30;
    return readMs;
  }, clock);
}

describe("alignClock", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "is as right as it says, over uneven ways (seed %i)",
    async (seed) => {
      const { zeroMs, boundMs } = await alignedOver(seed);
      expect(Math.abs(zeroMs - OFFSET_MS)).toBeLessThanOrEqual(boundMs);
      expect(boundMs).toBeLessThan(8); // the fastest answer counts, and not the average of 17 ms
    },
  );
});

describe("boundBetween", () => {
  it("takes a clock that has drifted for as wrong as it is in the end", () => {
    const first = { zeroMs: 100, boundMs: 2 };
    expect(boundBetween(first, { zeroMs: 109, boundMs: 1 })).toBe(10);
    expect(boundBetween(first, { zeroMs: 100.5, boundMs: 1 })).toBe(2);
  });
});
