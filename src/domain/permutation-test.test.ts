import { describe, expect, it } from "vitest";
import { permutationTest, smallestChance } from "./permutation-test.ts";
import { seededRandom } from "./seeded-random.ts";

const around = (middle: number, size: number, seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: size }, () => middle + random());
};

describe("permutationTest", () => {
  it("counts the ways exactly where there are few", () => {
    // Of the 20 ways to take 3 of 6, only this one and its opposite lie as far apart.
    expect(permutationTest([1, 2, 3], [4, 5, 6])).toBe(2 / 20);
    expect(permutationTest([1, 2, 3], [3, 2, 1])).toBe(1);
    expect(permutationTest([0.1, 0.2, 0.3], [0.3, 0.1, 0.2])).toBe(1);
  });

  it("finds a difference that is there, and none that is not", () => {
    expect(permutationTest(around(10, 30, 1), around(11, 30, 2))).toBeLessThan(0.001);
    expect(permutationTest(around(10, 30, 1), around(10, 30, 2))).toBeGreaterThan(0.05);
  });

  it("finds too much in about one of twenty pairs that do not differ", () => {
    const chances = Array.from({ length: 200 }, (_, n) =>
      permutationTest(around(5, 8, 2 * n + 1), around(5, 8, 2 * n + 2)),
    );
    const found = chances.filter((chance) => chance < 0.05).length;
    expect(found).toBeGreaterThan(2);
    expect(found).toBeLessThan(21);
  });

  it("gives the same answer to the same numbers", () => {
    const [a, b] = [around(10, 40, 1), around(10.2, 40, 2)];
    expect(permutationTest(a, b)).toBe(permutationTest(a, b));
  });

  it("never says that something is impossible, and nothing of an empty sample", () => {
    expect(permutationTest(around(1, 50, 1), around(99, 50, 2))).toBeGreaterThan(0);
    expect([permutationTest([], [1]), permutationTest([1], [])]).toEqual([1, 1]);
  });
});

describe("smallestChance", () => {
  it("tells which samples are too small to show anything", () => {
    expect(smallestChance(2, 2)).toBeCloseTo(2 / 6, 12);
    expect(smallestChance(3, 4)).toBeCloseTo(1 / 35, 12);
    expect(smallestChance(10, 10)).toBeLessThan(0.001);
  });
});
