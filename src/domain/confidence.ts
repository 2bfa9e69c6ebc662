/**
 * How much a count of failures can prove. All bounds are exact (Clopper–Pearson) and one-sided, because
 * a promise such as `< 0.1 %` is broken on one side only.
 */
export const CONFIDENCE = 0.95;

/**
 * The failure share that the sample cannot rule out with 95 % confidence: with this share or a higher one
 * so few failures would be seen in less than 5 % of such runs. 1 when nothing was tried.
 */
export function upperBound(failures: number, tried: number): number {
  if (tried === 0 || failures >= tried) return 1;
  const risk = 1 - CONFIDENCE;
  if (failures === 0) return 1 - risk ** (1 / tried);
  let low = failures / tried;
  let high = 1;
  // 60 halvings reach the resolution of a double, whatever the sample.
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2;
    if (atMost(failures, tried, middle) > risk) low = middle;
    else high = middle;
  }
  return high;
}

/** How many tries without a failure prove a share below `limit`. */
export function triesToProve(limit: number): number {
  return Math.ceil(Math.log(1 - CONFIDENCE) / Math.log1p(-limit));
}

/** P(X ≤ failures) for X binomial: the sum of its terms, each from the one before, in logarithms. */
function atMost(failures: number, tried: number, share: number): number {
  const odds = Math.log(share) - Math.log1p(-share);
  let logTerm = tried * Math.log1p(-share);
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= failures; k += 1) {
    logTerm += Math.log(tried - k + 1) - Math.log(k) + odds;
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}
