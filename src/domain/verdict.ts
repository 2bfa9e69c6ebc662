/** The answer of a run. `inconclusive` means the question was not asked well enough to be answered. */
export type Verdict = "pass" | "inconclusive" | "fail";

const SEVERITY: Readonly<Record<Verdict, number>> = { pass: 0, inconclusive: 1, fail: 2 };

/** The worst verdict wins. No verdict at all is inconclusive: nothing was checked, so nothing is proven. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return verdicts.toSorted((a, b) => SEVERITY[b] - SEVERITY[a])[0] ?? "inconclusive";
}

/** The exit codes of every command, named once. */
export const EXIT_CODE = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  harnessError: 3,
  usage: 64,
  interrupted: 130,
} as const;
