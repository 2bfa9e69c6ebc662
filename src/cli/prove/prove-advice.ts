import { patchScenario } from "#cli/manifest/patch-scenario.ts";
import { proveChange, whyNotProvable } from "#domain/proof.ts";
import type { Report } from "#domain/report.ts";
import type { Verdict } from "#domain/verdict.ts";
import { type Output, runAndJudge } from "#harness.ts";
import { describeProof } from "#recorded-runs.ts";
import { loadSettings } from "#scenario/load-settings.ts";
import { differencesOf } from "./differences-of.ts";
import { planRepetition } from "./plan-repetition.ts";
import { readRecipe } from "./read-recipe.ts";

/** What is to be proven, on which cluster and how hard. */
export interface ProofOptions {
  /** The folder of the recorded run, and what it says to the promises that both runs are judged by. */
  readonly directory: string;
  readonly report: Report;
  readonly cluster: string;
  /** Where the scenario is now, when it is no longer where it was. */
  readonly scenario?: string;
  /** How often the run may be repeated until its answer is certain. */
  readonly repeat: number;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/**
 * Does the recorded run again with its advised changes in the workload, in memory only, and says whether
 * they do what they were advised for. All of them are tried together, as `--apply-to` applies them.
 */
export async function proveAdvice(options: ProofOptions): Promise<Verdict> {
  const { directory, report, output, cluster } = options;
  const tell = (line: string) => output.write(`${line}\n`);
  const reason = whyNotProvable(report);
  if (reason !== undefined) return nothingToTry(reason, tell);
  const recorded = await readRecipe(options);
  const { recipe, scenario } = recorded;
  const advice = report.advice.filter(({ patch }) => patch !== undefined);
  const patches = advice.flatMap(({ patch }) => patch ?? []);
  const patched = patchScenario(scenario, {
    ...recipe,
    patches: [...patches, ...(recipe.patches ?? [])],
  });
  for (const [index, { cause, fix }] of advice.entries()) {
    const missing = patched.complaints[index] ?? [];
    tell(`${missing.length === 0 ? "To be tried" : "Not tried, or only in part"}: ${cause}.`);
    for (const sentence of [...missing, fix]) tell(`  ${sentence}`);
  }
  if (!patched.changed) return nothingToTry("The scenario has all of this already.", tell);
  const differences = differencesOf({ recipe, scenario, cluster });
  if (differences.length > 0) tell(`Not as it was: ${differences.join("; ")}.`);
  const plan = planRepetition(options, recorded, await loadSettings(process.cwd()));
  const { report: now, directory: folder } = await runAndJudge({
    ...plan,
    scenario: patched.scenario,
    replicas: patched.replicas,
  });
  const proof = proveChange(report, now, differences);
  tell(`\n${describeProof({ before: report, now, proof, directory: folder })}`);
  if (proof.verdict !== "pass") tell(`The run before: ${directory}/report.html`);
  return proof.verdict;
}

/** It was asked for and cannot be had: as little an answer as any other that is not certain. */
function nothingToTry(reason: string, tell: (line: string) => void): Verdict {
  tell(`INCONCLUSIVE  ${reason}`);
  return "inconclusive";
}
