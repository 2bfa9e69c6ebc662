import type { ComparedNumber, Finding, Side } from "#domain/compare-runs.ts";
import { formatCount, formatQuantity } from "./format-quantity.ts";

const WORDS: Readonly<Record<Finding, string>> = {
  worse: "WORSE",
  better: "better",
  "no-difference": "no difference",
  "too-few": "too few to tell",
  untested: "not tested",
};

/** What a comparison comes to: `1 of 14 tested numbers worse, 0 better`. */
export function summarizeNumbers(numbers: readonly ComparedNumber[]): string {
  const count = (finding: Finding) => numbers.filter((each) => each.finding === finding).length;
  const [worse, better] = [count("worse"), count("better")];
  const tested = numbers.filter(({ chance }) => chance !== undefined).length;
  if (tested === 0) return "too little in both runs to tell a difference from chance";
  if (worse + better === 0) return "no difference that chance does not explain";
  return `${worse} of ${tested} tested numbers worse, ${better} better`;
}

/** What one of the two runs says: `3 of 1,000`, `mean 85 ms of 10`, `5 s`. */
export function describeSide(side: Side, unit: ComparedNumber["unit"]): string {
  switch (side.type) {
    case "count":
      return `${formatCount(side.failures)} of ${formatCount(side.tried)}`;
    case "mean":
      return side.cases === 0
        ? "not measured"
        : `mean ${formatQuantity(unit, side.mean)} of ${side.cases}`;
    case "value":
      return side.value === undefined ? "not measured" : formatQuantity(unit, side.value);
  }
}

/** What chance has to say: `WORSE (p < 0.001)`. */
export function describeFinding({
  finding,
  chance,
}: Pick<ComparedNumber, "finding" | "chance">): string {
  if (chance === undefined) return WORDS[finding];
  return `${WORDS[finding]} (p ${chance < 0.001 ? "< 0.001" : `= ${chance.toFixed(3)}`})`;
}
