import { Writable } from "node:stream";
import { loadConfiguration, runCucumber } from "@cucumber/cucumber/api";
import type { Streams } from "#cli/command.ts";
import { requireFeature } from "#cli/require-feature.ts";
import { RunOutcome } from "#cli/run-outcome.ts";
import { supportCode } from "#cli/support-code.ts";
import { UsageError } from "#domain/errors.ts";
import { PLAN_MEDIA_TYPE, type PlannedRun } from "#domain/required-access.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import type { LoadPlace } from "#scenario/load-settings.ts";

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
      format: ["summary"],
      formatOptions: { printAttachments: false },
      worldParameters: {
        dryRun: "quietly",
        ...(scenario !== undefined && { scenario }),
        ...(loadFrom !== undefined && { loadFrom }),
      },
    },
  });
  let said = "";
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      said += String(chunk);
      done();
    },
  });
  const outcome = new RunOutcome();
  const runs: PlannedRun[] = [];
  await runCucumber(runConfiguration, { stdout }, (envelope) => {
    outcome.see(envelope);
    const { attachment } = envelope;
    if (attachment?.mediaType !== PLAN_MEDIA_TYPE) return;
    runs.push(JSON.parse(attachment.body) as PlannedRun); // attached by our own world
  });
  const exitCode = outcome.conclude(streams, { planned: true });
  if (exitCode !== EXIT_CODE.pass) {
    streams.err.write(said);
    return { type: "refused", exitCode };
  }
  if (runs.length > 0) return { type: "planned", runs };
  throw new UsageError("NO_RUN", `There is no run in ${paths.join(", ")}.`, {
    hint: "A scenario has a run when a When step disturbs the workload; `lastcall steps` lists them.",
  });
}
