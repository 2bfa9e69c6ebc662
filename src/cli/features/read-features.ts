import { Writable } from "node:stream";
import type { IRunConfiguration, ISupportCodeLibrary } from "@cucumber/cucumber/api";
import { loadSupport, runCucumber } from "@cucumber/cucumber/api";
import type { Envelope } from "@cucumber/messages";
import type { Streams } from "#cli/command.ts";
import { messageOf, UsageError } from "#domain/errors.ts";
import { PLAN_MEDIA_TYPE, type PlannedRun } from "#domain/required-access.ts";
import { FeatureProblems } from "./feature-problems.ts";
import { RunOutcome } from "./run-outcome.ts";
import { registeredSteps } from "./support-code.ts";

/** Features that were read by the steps that run them, and by nothing else. */
export interface ReadFeatures {
  /** What each of their runs would do. */
  readonly runs: readonly PlannedRun[];
  /** 0 when nothing is wrong with them. */
  readonly exitCode: number;
  /** Cucumber loads it once a process: this is what the same features are run by. */
  readonly support: ISupportCodeLibrary;
}

/**
 * Goes through the features in plan mode, which touches nothing, and says on `err` everything that is wrong with
 * any of them: a slip in the last scenario is found before the first one has started a cluster.
 */
export async function readFeatures(
  configuration: IRunConfiguration,
  { err, out }: Streams,
): Promise<ReadFeatures> {
  const support = await loadSupport(configuration);
  const phrases = (await registeredSteps()).flatMap((step) => step.phrases);
  const outcome = new RunOutcome();
  const problems = new FeatureProblems(() => phrases);
  const runs: PlannedRun[] = [];
  const { runtime } = configuration;
  const worldParameters = { ...runtime.worldParameters, dryRun: "quietly" };
  const options = {
    ...configuration,
    support,
    runtime: { ...runtime, worldParameters },
    formats: { stdout: "summary", files: {}, publish: false, options: {} } as const,
  };
  const see = (envelope: Envelope) => {
    outcome.see(envelope);
    problems.see(envelope);
    const { attachment } = envelope;
    if (attachment?.mediaType !== PLAN_MEDIA_TYPE) return;
    runs.push(JSON.parse(attachment.body) as PlannedRun); // attached by our own world
  };
  await runCucumber(options, { stdout: nowhere(), stderr: nowhere() }, see).catch(explainFilter);
  for (const text of problems.texts) err.write(`${text}\n`);
  return { runs, support, exitCode: outcome.conclude({ out, err }, { planned: true }) };
}

/** Cucumber reads the expression of `--tags` and `--name` only when it chooses by them. */
function explainFilter(error: unknown): never {
  if (!(error instanceof Error && error.message.includes("pickles:filter"))) throw error;
  throw new UsageError("BAD_FILTER", `--tags or --name cannot be read: ${messageOf(error.cause)}`, {
    hint: 'For example: --tags "@drain and not @slow", --name "^Simulated". The second is a regular expression.',
    cause: error,
  });
}

/** What cucumber prints of a plan is for nobody: its problems are told in our words. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
