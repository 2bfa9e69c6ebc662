import { metricOf } from "./metric.ts";
import type { Report, Result } from "./report.ts";
import type { Verdict } from "./verdict.ts";

/** Whether an advised change does what it was advised for: the same run before it, and with it. */
export interface Proof {
  /** `pass` is proven: what was broken is kept now, and nothing that was kept is broken. */
  readonly verdict: Verdict;
  readonly because: string;
}

/** Why the change of a run cannot be proven whatever a second run shows; undefined when it can. */
export function whyNotProvable({ results, advice, verdict, headline }: Report): string | undefined {
  if (!advice.some(({ patch }) => patch !== undefined)) {
    return "No advice of this run is a setting, so there is nothing to try.";
  }
  if (results.length === 0) return "No promise was asked of this run, so none can be kept now.";
  if (verdict === "inconclusive") return `This run proves nothing itself: ${headline}`;
  return undefined;
}

/**
 * Holds the promises of both runs side by side; they were asked the same. `differences` are what else is
 * not the same in both: then a promise that is kept now may owe it to that, and nothing is proven.
 */
export function proveChange(before: Report, now: Report, differences: readonly string[]): Proof {
  const pairs = now.results.map((result, index) => ({ result, was: before.results[index] }));
  const broken = pairs.find(({ result }) => result.verdict === "fail");
  if (broken !== undefined) {
    const crossed = broken.was?.verdict === "fail";
    return { verdict: "fail", because: says(broken.result, crossed ? "still" : "now") };
  }
  if (differences.length > 0) {
    return { verdict: "inconclusive", because: `The two runs differ: ${differences.join("; ")}.` };
  }
  const unsure = pairs.find(
    ({ result, was }) => result.verdict === "inconclusive" && was?.verdict !== "inconclusive",
  );
  if (unsure !== undefined) {
    const { threshold, because } = unsure.result;
    return { verdict: "inconclusive", because: `${titleOf(threshold)}: ${because}` };
  }
  const mended = pairs.filter(({ was }) => was?.verdict === "fail");
  if (mended.length === 0) return { verdict: "pass", because: "Every promise is still kept." };
  const titles = mended.map(({ result }) => titleOf(result.threshold).toLowerCase());
  return { verdict: "pass", because: `Broken before and kept now: ${titles.join(", ")}.` };
}

function says({ threshold, because }: Result, when: "still" | "now"): string {
  return `${titleOf(threshold)} is ${when} broken: ${because}`;
}

function titleOf({ metric }: Result["threshold"]): string {
  return metricOf(metric).title;
}
