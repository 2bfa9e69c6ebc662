/**
 * How much a count of failures can prove. All bounds are exact (Clopper–Pearson) and one-sided, because
 * a promise such as `< 0.1 %` is broken on one side only.
 */
export const CONFIDENCE = 0.95;

/**
 * How sure each of several looks has to be so that together they are as sure as one: a series that may
 * end after any of its runs has so many chances to be lucky.
 */
export function confidencePerLook(looks: number): number {
  return 1 - (1 - CONFIDENCE) / looks;
}

/**
 * The failure share that the sample cannot rule out: with this share or a higher one so few failures
 * would be seen in less than 5 % of such runs (or less than one minus `confidence`). 1 when nothing was tried.
 */
export function upperBound(failures: number, tried: number, confidence = CONFIDENCE): number {
  if (tried === 0 || failures >= tried) return 1;
  const risk = 1 - confidence;
  if (failures === 0) return 1 - risk ** (1 / tried);
  return shareAt((share) => atMost(failures, tried, share) > risk, failures / tried, 1);
}

/** The failure share that the sample does rule out from below: with a lower one so many would hardly be seen. */
export function lowerBound(failures: number, tried: number, confidence = CONFIDENCE): number {
  if (tried === 0 || failures === 0) return 0;
  const risk = 1 - confidence;
  if (failures >= tried) return risk ** (1 / tried);
  return shareAt((share) => 1 - atMost(failures - 1, tried, share) < risk, 0, failures / tried);
}

/** How many tries, with this many failures among them, prove a share of at most `limit`; Infinity for 0. */
export function triesToProve(limit: number, failures = 0, confidence = CONFIDENCE): number {
  if (limit <= 0) return Number.POSITIVE_INFINITY;
  const risk = 1 - confidence;
  if (failures === 0) return Math.ceil(Math.log(risk) / Math.log1p(-limit));
  let low = failures;
  let high = 2 * failures + 2;
  for (; atMost(failures, high, limit) > risk; high *= 2) low = high;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (atMost(failures, middle, limit) > risk) low = middle;
    else high = middle;
  }
  return high;
}

/** Where a claim about a share turns from true to false; 60 halvings reach the resolution of a double. */
function shareAt(isTooLow: (share: number) => boolean, from: number, until: number): number {
  let low = from;
  let high = until;
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2;
    if (isTooLow(middle)) low = middle;
    else high = middle;
  }
  return high;
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
