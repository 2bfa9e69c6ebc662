import { confidencePerLook, lowerBound } from "./confidence.ts";
import { metricOf } from "./metric.ts";
import type { Report, Result } from "./report.ts";

/**
 * Whether more repetitions could not change the answer: every promise is carried by the sample, or one is
 * broken for good. A share that is too high in a small sample may yet turn out low enough; a case too
 * many in one run, or a pod that took too long, stays seen.
 */
export function isCertain({ verdict, results, header }: Report): boolean {
  if (verdict === "pass") return true;
  const confidence = confidencePerLook(header.pool?.planned ?? 1);
  return results.some((result) => result.verdict === "fail" && isFinal(result, confidence));
}

function isFinal({ threshold, measurement }: Result, confidence: number): boolean {
  const { metric, limit } = threshold;
  if (metric === "failures-per-termination") return limit === 0; // a mean: good terminations lower it
  const { boundOn } = measurement;
  if (boundOn === undefined) return true;
  const allowed = metricOf(metric).better === "lower" ? limit : 1 - limit;
  return lowerBound(boundOn.failures, boundOn.tried, confidence) > allowed;
}
