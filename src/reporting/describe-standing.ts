import { metricOf } from "#domain/metric.ts";
import { type PromiseStanding, standingOf } from "#domain/promise-standing.ts";
import { formatQuantity } from "./format-quantity.ts";
import { visibleLine } from "./visible-text.ts";

/** `Request error rate <0.1%`, its number so far, and in words what that is worth. */
export function describeStanding(standing: PromiseStanding) {
  const { threshold, soFar } = standing;
  const { title, unit } = metricOf(threshold.metric);
  return {
    promise: `${title} ${visibleLine(threshold.text)}`,
    measured: soFar === undefined ? "" : formatQuantity(unit, soFar, threshold.limit),
    state: STATE[standingOf(standing)],
  };
}

const STATE = { kept: "kept so far", broken: "broken so far", open: "judged at the end" } as const;
