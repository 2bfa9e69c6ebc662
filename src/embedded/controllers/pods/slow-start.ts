/** More than this in one go would starve everybody else who writes. */
const BURST = 500;

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
