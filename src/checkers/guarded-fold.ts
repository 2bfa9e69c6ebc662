import type { Exchange } from "#domain/exchange.ts";
import type { Measurement } from "#domain/measurement.ts";
import type { MetricName } from "#domain/metric.ts";
import type { Checker, Fold } from "./checker.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Sightings } from "./sightings.ts";

/** A checker that crashes measures nothing and says so: it must not look like one that was satisfied. */
export function guardedFold(
  metric: MetricName,
  checker: Checker,
  ...given: readonly [facts: RunFacts, sightings: Sightings]
): Fold {
  let crash: unknown;
  let fold: Fold | undefined;
  try {
    fold = checker(...given);
  } catch (error) {
    crash = error;
  }
  const see = (exchange: Exchange) => {
    try {
      fold?.see?.(exchange);
    } catch (error) {
      crash = error;
      fold = undefined;
    }
  };
  return {
    ...(fold?.see !== undefined && { see }),
    finish() {
      try {
        return fold?.finish() ?? crashed(metric, crash);
      } catch (error) {
        return crashed(metric, error);
      }
    },
  };
}

function crashed(metric: MetricName, crash: unknown): Measurement {
  return {
    metric,
    summary: `The checker crashed: ${String(crash)}`,
    sample: 0,
    doubts: [],
    evidence: { total: 0, exchanges: [], notes: [] },
  };
}
