import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { HarnessError, UsageError } from "#domain/errors.ts";
import type { Recipe } from "#domain/recipe.ts";
import type { Report } from "#domain/report.ts";
import type { Scenario } from "#domain/scenario.ts";
import { loadScenario } from "#scenario/load-scenario.ts";
import { shownPath } from "#scenario/problem.ts";

interface RecordedRun {
  readonly directory: string;
  readonly report: Report;
  /** Where the scenario is now, when it is no longer where it was. */
  readonly scenario?: string;
}

/** A recorded run with what it takes to do it again. */
export interface RepeatableRun {
  readonly recipe: Recipe;
  /** As it is now. */
  readonly scenario: Scenario;
  /** The folder that the recorded run is in: the next goes beside it. */
  readonly reportsDir: string;
}

/** What a run's folder says about doing it again, with the scenario that it names. */
export async function readRecipe({
  directory,
  report: { header },
  scenario: path,
}: RecordedRun): Promise<RepeatableRun> {
  const { recipe, workload } = header;
  if (recipe === undefined) {
    throw new HarnessError(
      "NOT_REPEATABLE",
      `The run in ${directory} does not say how it was made.`,
      {
        hint: "It is of an older version, or had no scenario file. Run a feature, and prove the advice of that run.",
      },
    );
  }
  const reportsDir = dirname(directory);
  const file = path ?? resolve(reportsDir, recipe.scenario);
  if (path === undefined && !existsSync(file)) {
    throw new UsageError(
      "NO_SCENARIO",
      `The scenario of this run is no longer in ${shownPath(file)}.`,
      { hint: "Say where it is now: --scenario PATH" },
    );
  }
  const scenario = await loadScenario(file);
  if (scenario.isRunning === true) {
    throw new UsageError(
      "NO_MANIFESTS",
      `${shownPath(file)} has no manifests to try a change in.`,
      {
        hint: "Apply the patch to a copy of the workload yourself, and run the feature against that.",
      },
    );
  }
  if (!isDeepStrictEqual(scenario.workload, workload)) {
    const name = ({ kind, namespace, name: own }: typeof workload) => `${kind} ${namespace}/${own}`;
    throw new UsageError(
      "OTHER_WORKLOAD",
      `The run was of ${name(workload)}, and ${shownPath(file)} is about ${name(scenario.workload)}.`,
      { hint: "Say where the scenario of this run is: --scenario PATH" },
    );
  }
  return { recipe, scenario, reportsDir };
}
