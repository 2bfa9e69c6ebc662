import type { CatchOutcome } from "./run-catch.ts";

const WORD: Readonly<Record<CatchOutcome["type"], string>> = {
  caught: "caught",
  passed: "passed",
  missed: "MISSED",
  "false-alarm": "FALSE ALARM",
  void: "NOTHING PROVEN",
};

/** One line for a catch that is as it should be at once; otherwise also why not, and where to look. */
export function describeOutcome(
  { type, name, seconds, objections, repeatedFor, run }: CatchOutcome,
  about: string,
): string {
  const line = `${WORD[type].padEnd(15)}${name.padEnd(28)}${seconds.toFixed(1).padStart(5)} s  ${about}`;
  const again = (repeatedFor ?? []).map((reason) => `Second run. The first: ${reason}`);
  const good = type === "caught" || type === "passed";
  const why = good || run === undefined ? objections : [...objections, `Run: ${run}`];
  return [line, ...[...again, ...why].map((sentence) => `    ${sentence}`)].join("\n");
}

/** The closing line: the share of the faults that were caught, the false alarms, and what was left out. */
export function describeOutcomes(
  outcomes: readonly CatchOutcome[],
  { seconds, notRun }: { readonly seconds: number; readonly notRun: readonly string[] },
): string {
  const count = (...types: readonly CatchOutcome["type"][]) =>
    outcomes.filter(({ type }) => types.includes(type)).length;
  const faults = count("caught", "missed");
  const share = faults === 0 ? "" : ` (${Math.floor((100 * count("caught")) / faults)} %)`;
  const proven = count("void") === 0 ? "" : `, ${count("void")} runs that prove nothing`;
  const left = notRun.length === 0 ? "" : `; not run: ${notRun.join(", ")}`;
  return (
    `${count("caught")} of ${faults} faults caught for the right reason${share}, ` +
    `${count("false-alarm")} false alarms in ${count("passed", "false-alarm")} healthy runs${proven}; ` +
    `${Math.round(seconds)} s${left}`
  );
}

/** Whether every fault was caught and every healthy workload passed; a run that proves nothing did neither. */
export function isTrustworthy(outcomes: readonly CatchOutcome[]): boolean {
  return (
    outcomes.length > 0 && outcomes.every(({ type }) => type === "caught" || type === "passed")
  );
}
