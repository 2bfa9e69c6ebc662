import { seededRandom } from "./seeded-random.ts";

/** With no more ways than this all are tried, and the answer is exact. */
const ALL_WAYS = 20_000;
/** Else so many are drawn: enough to tell 0.0001 from more. */
const DRAWN_WAYS = 20_000;

/**
 * How often would chance alone part the numbers of two samples so that their means lie as far apart as
 * they do, or further? Two-sided; asks nothing of their distribution. 1 when a sample is empty.
 *
 * The same numbers give the same answer: the ways are drawn from a fixed seed.
 */
export function permutationTest(a: readonly number[], b: readonly number[], seed = 1): number {
  if (a.length === 0 || b.length === 0) return 1;
  const all = [...a, ...b];
  const sum = all.reduce((x, y) => x + y, 0);
  const distance = (sumOfA: number) => Math.abs(sumOfA / a.length - (sum - sumOfA) / b.length);
  const seen = distance(a.reduce((x, y) => x + y, 0)) * (1 - ROUNDING);
  let ways = 0;
  let asFar = 0;
  const count = (sumOfA: number) => {
    ways += 1;
    if (distance(sumOfA) >= seen) asFar += 1;
  };
  if (choose(all.length, a.length) <= ALL_WAYS) {
    everyWay(all, a.length, count);
    return asFar / ways;
  }
  const random = seededRandom(seed);
  for (let way = 0; way < DRAWN_WAYS; way += 1) count(drawnSum(all, a.length, random));
  return (asFar + 1) / (ways + 1); // the way it was seen is one of them, so the chance is never 0
}

/** The smallest answer that samples of these sizes can give; above 0.05 no difference could be shown. */
export function smallestChance(sizeA: number, sizeB: number): number {
  const ways = choose(sizeA + sizeB, sizeA);
  return (sizeA === sizeB ? 2 : 1) / Math.min(ways, DRAWN_WAYS + 1);
}

/** Sums of the same numbers in another order differ by their rounding. */
const ROUNDING = 1e-9;

function everyWay(
  numbers: readonly number[],
  size: number,
  onSum: (sum: number) => void,
  { from, sum }: { readonly from: number; readonly sum: number } = { from: 0, sum: 0 },
): void {
  if (size === 0) {
    onSum(sum);
    return;
  }
  for (let place = from; place <= numbers.length - size; place += 1) {
    const next = { from: place + 1, sum: sum + (numbers[place] ?? 0) };
    everyWay(numbers, size - 1, onSum, next);
  }
}

/** The sum of `size` numbers at random: the first places of a shuffle, which is left as it lies. */
function drawnSum(numbers: number[], size: number, random: () => number): number {
  let sum = 0;
  for (let place = 0; place < size; place += 1) {
    const other = place + Math.floor(random() * (numbers.length - place));
    const drawn = numbers[other] ?? 0;
    numbers[other] = numbers[place] ?? 0;
    numbers[place] = drawn;
    sum += drawn;
  }
  return sum;
}

/** How many ways there are to choose; grows quickly beyond what a double tells apart, which is enough. */
function choose(from: number, size: number): number {
  let ways = 1;
  for (let k = 1; k <= size; k += 1) ways = (ways * (from - size + k)) / k;
  return Math.round(ways);
}
