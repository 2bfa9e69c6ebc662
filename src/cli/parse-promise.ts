import { UsageError } from "#domain/errors.ts";
import type { Threshold } from "#domain/threshold.ts";
import { parseThreshold } from "#scenario/parse-threshold.ts";

/** `request error rate <0.1%`: the promise begins at its operator or, without one, at its number. */
export function parsePromise(text: string): Threshold {
  const split = /^(.*?)\s*([<>=≤≥＜＞＝].*|[\d.]+\s*\S*)$/u.exec(text.trim());
  const parsed = parseThreshold(split?.[1] ?? text, split?.[2] ?? "");
  if (parsed.type === "threshold") return parsed.threshold;
  throw new UsageError("BAD_THRESHOLD", `--threshold "${text}": ${parsed.problem}`, {
    hint: 'Write the metric and then the promise: --threshold "request error rate <0.1%".',
  });
}
