import { describe, expect, it } from "vitest";
import { numberInWhole, shareOf } from "./load-worker.ts";

describe("the shares of a load", () => {
  it.each([1, 2, 3, 7])("are all of it and nothing twice (%i workers)", (of) => {
    for (const all of [0, 1, 5, 100]) {
      const numbers = Array.from({ length: of }, (_, worker) => ({ worker, of })).flatMap((share) =>
        Array.from({ length: shareOf(share, all) }, (_, n) => numberInWhole(share, n)),
      );
      const whole = Array.from({ length: all }, (_, number) => number);
      expect(numbers.toSorted((a, b) => a - b)).toEqual(whole);
    }
  });
});
