import type { MetricName } from "./metric.ts";

/** A promise about a metric. `limit` is in the metric's base unit: ratio, milliseconds or count. */
export interface Threshold {
  readonly metric: MetricName;
  readonly operator: Operator;
  readonly limit: number;
  /** As the user wrote it: `<0.1%`. Shown beside what was measured. */
  readonly text: string;
}

/** How the measured number has to stand to the limit. */
export type Operator = "<" | "<=" | "=" | ">=" | ">";

/** Whether a measured number keeps the promise. */
export function keeps({ operator, limit }: Threshold, measured: number): boolean {
  switch (operator) {
    case "<":
      return measured < limit;
    case "<=":
      return measured <= limit;
    case "=":
      return measured === limit;
    case ">=":
      return measured >= limit;
    case ">":
      return measured > limit;
  }
}
