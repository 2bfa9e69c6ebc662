import { CucumberExpression, ParameterTypeRegistry } from "@cucumber/cucumber-expressions";
import { drawDisruptions } from "#domain/compound-disruption.ts";
import type { Disruption } from "#domain/disruption.ts";
import { UsageError } from "#domain/errors.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { DISRUPTION_PHRASES } from "./disruption-phrases.ts";
import type { Phrases } from "./step-registry.ts";

/** The step that performs a table of disruptions from top to bottom. */
export const IN_ORDER: Phrases = [
  "these disruptions are performed in order:",
  "依序執行以下變更:",
  "依次执行以下变更:",
];

/** The step that draws from a table of disruptions. */
export const DRAWN: Phrases = [
  "these disruptions are performed {int} times in an order drawn with seed {int}:",
  "以下變更隨機執行{int}次，隨機種子為{int}:",
  "以下变更随机执行{int}次，随机种子为{int}:",
];

type Cells = readonly (readonly string[])[];

const parameterTypes = new ParameterTypeRegistry();
const compile = (phrase: string) => new CucumberExpression(phrase, parameterTypes);

const SENTENCES = DISRUPTION_PHRASES.flatMap(({ phrases, disruptionOf }) =>
  phrases.map((phrase) => ({ expression: compile(phrase), disruptionOf })),
);

const COMPOUND = [
  ...IN_ORDER.map((phrase) => ({ expression: compile(phrase), draws: false })),
  ...DRAWN.map((phrase) => ({ expression: compile(phrase), draws: true })),
];

/** What a sentence does to the workload; undefined when it is no disruption. */
export function readDisruption(text: string, workload: WorkloadRef): Disruption | undefined {
  for (const { expression, disruptionOf } of SENTENCES) {
    const found = expression.match(text);
    if (found === null) continue;
    const args = found.map((argument) => argument.getValue(undefined)) as never[]; // as the phrase names them
    return disruptionOf(workload, ...args);
  }
  return undefined;
}

/** Each row holds one sentence; all that are none are told at once. */
export function readTable(rows: Cells, workload: WorkloadRef): readonly Disruption[] {
  const problems: string[] = [];
  const disruptions = rows.flatMap(([text = ""]) => {
    const disruption = readDisruption(text.trim(), workload);
    if (disruption === undefined) problems.push(`"${text}" is no disruption`);
    return disruption ?? [];
  });
  if (problems.length === 0 && disruptions.length > 0) return disruptions;
  throw new UsageError("BAD_DISRUPTIONS", problems.join("\n  ") || "The table is empty.", {
    hint: "Write each as in a When step, without the keyword; `lastcall steps` lists them.",
  });
}

/** What a step of a feature will do, by its text alone; nothing when it is no disruption. */
export function disruptionsOfStep(
  { text, rows }: { readonly text: string; readonly rows: Cells | undefined },
  workload: WorkloadRef,
): readonly Disruption[] {
  for (const { expression, draws } of COMPOUND) {
    const found = expression.match(text);
    if (found === null) continue;
    const disruptions = readTable(rows ?? [], workload);
    const [times = 1, seed = 1] = found.map((argument) => Number(argument.getValue(undefined)));
    return draws ? drawDisruptions(disruptions, { times, seed }) : disruptions;
  }
  const disruption = readDisruption(text, workload);
  return disruption === undefined ? [] : [disruption];
}
