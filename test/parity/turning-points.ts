import { type Difference, differ } from "./difference.ts";

/**
 * Where a number turns from growing to shrinking, with both ends. Steps between two turns may be merged or
 * split: 3 → 2 → 1 → 0 turns as 3 → 0 does.
 */
export function turningPoints(numbers: readonly number[]): readonly number[] {
  const steps = numbers.filter((number, index) => number !== numbers[index - 1]);
  return steps.filter((number, index) => {
    const [before, after] = [steps[index - 1], steps[index + 1]];
    if (before === undefined || after === undefined) return true;
    return Math.sign(number - before) !== Math.sign(after - number);
  });
}

/** One difference when the two numbers do not turn at the same values in the same order. */
export function compareTurns(
  where: string,
  expected: readonly number[],
  seen: readonly number[],
): readonly Difference[] {
  return differ(where, turningPoints(expected).join(" → "), turningPoints(seen).join(" → "));
}
