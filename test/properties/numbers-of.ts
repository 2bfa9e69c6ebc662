import { judge } from "#checkers/judge.ts";
import type { History } from "#domain/history.ts";
import type { Report } from "#domain/report.ts";
import type { Threshold } from "#domain/threshold.ts";
import { parseThreshold } from "#scenario/parse-threshold.ts";

const PROMISES: readonly Threshold[] = [
  ["request error rate", "<1%"],
  ["transaction completion rate", ">90%"],
  ["deregistration latency", "<2s"],
].map(([metric = "", text = ""]) => {
  const parsed = parseThreshold(metric, text);
  if (parsed.type === "problem") throw new TypeError(parsed.problem);
  return parsed.threshold;
});

/** The whole report on a history, as it would be stored. */
export function judged(history: History): Report {
  return JSON.parse(JSON.stringify(judge(history, PROMISES))) as Report; // judge returns plain data
}

/** The same without the numbers and places of connections, which mean nothing beyond the worker that gave them. */
export function numbersOf(history: History): unknown {
  return JSON.parse(JSON.stringify(judge(history, PROMISES)), (key, value: unknown) =>
    key === "connectionId" || key === "place" ? undefined : value,
  );
}

/** As many histories as a property is tried on; a failure names the seed. */
export const SEEDS: readonly number[] = Array.from({ length: 12 }, (_, n) => n + 1);
