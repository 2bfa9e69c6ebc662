import { loadConfiguration } from "@cucumber/cucumber/api";
import type { Streams } from "#cli/command.ts";
import { UsageError } from "#domain/errors.ts";
import type { PlannedRun } from "#domain/required-access.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import type { LoadPlace } from "#scenario/load-settings.ts";
import { readFeatures } from "./read-features.ts";
import { requireFeature } from "./require-feature.ts";
import { supportCode } from "./support-code.ts";

/** Which features, and the scenario's folder that counts before what lastcall.yaml says. */
export interface WantedFeatures {
  readonly paths: readonly string[];
  readonly scenario?: string;
  /** Instead of what lastcall.yaml says. */
  readonly loadFrom?: LoadPlace;
}

/** What the runs of some features would do, or the exit code of what is wrong with them. */
export type PlannedFeatures =
  | { readonly type: "planned"; readonly runs: readonly PlannedRun[] }
  | { readonly type: "refused"; readonly exitCode: number };

/** Reads features by the very steps that run them, and touches nothing; problems go to `err`. */
export async function planFeatures(
  { paths, scenario, loadFrom }: WantedFeatures,
  streams: Streams,
): Promise<PlannedFeatures> {
  for (const path of paths) requireFeature(path);
  const { runConfiguration } = await loadConfiguration({
    file: false,
    provided: {
      paths: paths.map((path) => (path.includes(".feature") ? path : `${path}/**/*.feature`)),
      import: supportCode(),
      worldParameters: {
        ...(scenario !== undefined && { scenario }),
        ...(loadFrom !== undefined && { loadFrom }),
      },
    },
  });
  const { runs, exitCode } = await readFeatures(runConfiguration, streams);
  if (exitCode !== EXIT_CODE.pass) return { type: "refused", exitCode };
  if (runs.length > 0) return { type: "planned", runs };
  throw new UsageError("NO_RUN", `There is no run in ${paths.join(", ")}.`, {
    hint: "A scenario has a run when a When step disturbs the workload; `lastcall steps` lists them.",
  });
}
