import type { Advice, AdviceConfidence } from "#domain/report.ts";
import { formatCount } from "./format-quantity.ts";

const CONFIDENCE: Readonly<Record<AdviceConfidence, string>> = {
  proven: "Proven by",
  likely: "Likely, from",
  possible: "Possible, from",
};

/** How sure the advice is, and what speaks for it: `Proven by 12 cases: visit #311 at 4.52 s …`. */
export function describeEvidence({ confidence, evidence, hint }: Advice): string {
  const { total, examples } = evidence;
  const cases = `${CONFIDENCE[confidence]} ${formatCount(total)} ${total === 1 ? "case" : "cases"}`;
  const more = total > examples.length ? "; …" : "";
  const shown = examples.length === 0 ? cases : `${cases}: ${examples.join("; ")}${more}`;
  return hint === true ? `Nothing was lost by it. ${shown}` : shown;
}
