import type { Recipe } from "#domain/recipe.ts";
import type { Report } from "#domain/report.ts";
import type { RunPlan } from "#harness.ts";
import type { Settings } from "#scenario/load-settings.ts";
import type { RepeatableRun } from "./read-recipe.ts";

/** What the user chooses of it: where and how often, and who is told. */
interface Wanted extends Pick<RunPlan, "cluster" | "repeat" | "output" | "signal"> {
  readonly report: Report;
}

/** The recorded run once more, with its scenario as it is now, within what the settings allow. */
export function planRepetition(
  { report, ...wanted }: Wanted,
  { recipe, scenario, reportsDir }: RepeatableRun,
  { allow, maxDisruptedRatio }: Settings,
): RunPlan {
  const { cluster, repeat, output, signal } = wanted;
  return {
    scenario,
    cluster,
    settings: { embedded: embeddedSettings(recipe) },
    ...(recipe.inside !== undefined && { inside: recipe.inside }),
    ...(allow !== undefined && { allow }),
    ...(maxDisruptedRatio !== undefined && { maxDisruptedRatio }),
    reportsDir,
    disruptions: report.header.disruptions,
    thresholds: report.results.map(({ threshold }) => threshold),
    repeat,
    output,
    signal,
  };
}

/** The pods have their addresses where they had them, or a program that needs one of its own would not start. */
function embeddedSettings({ dataPathDelayMs, podNetwork }: Recipe) {
  return {
    ...(dataPathDelayMs !== undefined && { dataPathDelayMs }),
    ...(podNetwork !== undefined && { podNetwork }),
  };
}
