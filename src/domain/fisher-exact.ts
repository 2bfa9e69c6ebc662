import type { CaseCount } from "./measurement.ts";

type Count = Omit<CaseCount, "of">;

/**
 * Fisher's exact test, two-sided: how often would chance alone deal the failures of two samples as
 * unevenly as they were seen, or more so, if they all came from one source? 1 when nothing failed.
 */
export function fisherExact(a: Count, b: Count): number {
  const failures = a.failures + b.failures;
  const tried = a.tried + b.tried;
  const fewest = Math.max(0, failures - b.tried);
  const most = Math.min(failures, a.tried);
  // Chances relative to the first: each from the one before, so that no factorial is needed.
  let logChance = 0;
  const logChances = [0];
  for (let k = fewest; k < most; k += 1) {
    logChance +=
      Math.log((failures - k) * (a.tried - k)) -
      Math.log((k + 1) * (tried - failures - a.tried + k + 1));
    logChances.push(logChance);
  }
  const largest = logChances.reduce((x, y) => Math.max(x, y));
  const seen = logChances[a.failures - fewest] ?? 0;
  let all = 0;
  let asUneven = 0;
  for (const each of logChances) {
    const chance = Math.exp(each - largest);
    all += chance;
    if (each <= seen + ROUNDING) asUneven += chance;
  }
  return Math.min(1, asUneven / all);
}

/** Two ways to deal that are equally likely must not differ by the rounding of their sums. */
const ROUNDING = 1e-9;
