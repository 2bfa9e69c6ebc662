/** More than this in one go would starve everybody else who writes. */
const BURST = 500;

/**
 * The order in which one after the other is reached when they are begun in such batches: of those begun
 * together the last one comes first, as a real controller's threads take them up.
 */
export function inSlowStartOrder<T>(all: readonly T[]): readonly T[] {
  const batch = (from: number, size: number): readonly T[] => {
    const begun = all.slice(from, from + size);
    return begun.length === 0
      ? []
      : [...begun.slice(-1), ...begun.slice(0, -1), ...batch(from + size, size * 2)];
  };
  return batch(0, 1);
}

/**
 * Does the same thing `count` times, in batches of 1, 2, 4, …; each batch only when the one before went
 * well, so that a hopeless creation is not tried a hundred times. Throws the first failure of a batch.
 */
export async function slowStart(count: number, act: () => Promise<void>): Promise<void> {
  let left = Math.min(count, BURST);
  for (let batch = 1; left > 0; batch *= 2) {
    const size = Math.min(batch, left);
    const outcomes = await Promise.allSettled(Array.from({ length: size }, () => act()));
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    if (failure !== undefined) throw failure.reason;
    left -= size;
  }
}
