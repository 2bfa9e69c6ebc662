import { randomUUID } from "node:crypto";
import { access, constants, mkdir } from "node:fs/promises";
import type { ClusterSettings, ClusterSupply } from "#clusters/cluster-supply.ts";
import { type Allowance, isNamespaceAllowed, requireAllowed, targetOf } from "#domain/allowance.ts";
import type { Disruption } from "#domain/disruption.ts";
import { UsageError } from "#domain/errors.ts";
import type { FeatureText } from "#domain/feature-text.ts";
import { workloadRef } from "#domain/object-ref.ts";
import type { Report } from "#domain/report.ts";
import { refuseEmptyCluster, withWorkload } from "#domain/running-workload.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { Threshold } from "#domain/threshold.ts";
import { mergeShares } from "#history/merge-shares.ts";
import { folderRunStore } from "#history/run-store.ts";
import { requireDatabaseUrls } from "#load/audit/database-url.ts";
import { certifyApart } from "#load/certify-apart.ts";
import { loadInside } from "#load/inside/load-inside.ts";
import { startLoad } from "#load/start-load.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Progress } from "#ports/progress.ts";
import { createProgress } from "#reporting/console/terminal-progress.ts";
import { fanOutProgress } from "#reporting/fan-out-progress.ts";
import { Run } from "#runner/run.ts";
import { describeBuild } from "./build.ts";
import { openCluster, requireKnownCluster } from "./open-clusters.ts";
import { judgeRepeatedly, judgeRun } from "./recorded-runs.ts";
import { createRunClock } from "./run-clock.ts";
import { runMachine } from "./run-machine.ts";
import { imagesOf, recipeOf } from "./run-recipe.ts";
import { type InsideSettings, runnerOf, withRunner } from "./runner-image.ts";
import { undoLogOf } from "./safety.ts";

/*
 * The composition root: the one file that chooses adapters. Everything else is given what it needs.
 */

export type { InsideSettings };

/** Where a run shows what it does: the terminal, or a file in CI. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** A started run with the cluster it owns. */
export interface StartedRun {
  readonly run: Run;
  /** Ends the watches, the progress display and the cluster, as far as we started it. */
  stop(): Promise<void>;
}

/** What one run is made of, and whom it reports to. */
export interface StartOptions {
  readonly scenario: Scenario;
  readonly replicas?: number;
  readonly cluster: string;
  readonly settings?: ClusterSettings;
  /** Where `cluster` comes from when other runs use it too; absent: it is opened for this run alone. */
  readonly supply?: ClusterSupply;
  /** Which namespaces may be touched; absent: all but the cluster's own. */
  readonly allow?: Allowance;
  /** The largest share of the ready pods that one disruption may take away at once; all unless given. */
  readonly maxDisruptedRatio?: number;
  /** What will be asked of the run, as far as it is known; what nobody asks for is not waited for. */
  readonly thresholds?: readonly Threshold[];
  /** What the feature says of the run, if it is one's. */
  readonly feature?: FeatureText;
  /** Absent: the load comes from this machine. */
  readonly inside?: InsideSettings;
  readonly reportsDir: string;
  readonly output: Output;
  /** Whoever follows the run besides the terminal. */
  readonly watcher?: Progress;
  readonly signal: AbortSignal;
}

/** Opens the cluster and brings the workload up; on failure nothing of it is left. */
export async function startRun(options: StartOptions): Promise<StartedRun> {
  const { replicas, reportsDir, output, signal } = options;
  refuseEmptyCluster(options.scenario, options.cluster);
  await requireKnownCluster(options.cluster);
  requireAllowed(targetOf(options), options.allow ?? {});
  requireDatabaseUrls(options.scenario.load, process.env);
  const clock = createRunClock();
  const terminal = createProgress(output);
  const progress = fanOutProgress([terminal, ...(options.watcher ? [options.watcher] : [])]);
  await using started = new AsyncDisposableStack();
  started.defer(() => terminal.end());
  await requireReports(reportsDir);
  const certificate = certifyApart(signal);
  // It is told below; if the cluster cannot start, that is what the user has to hear of.
  certificate.catch(() => undefined);
  const asking = { tell: (line: string) => progress.note(line), signal };
  const { supply, settings, inside } = options;
  const runner = inside && (await runnerOf(inside));
  const provided = runner === undefined ? options.scenario : withRunner(options.scenario, runner);
  const cluster =
    supply === undefined
      ? await openCluster(options.cluster, provided, { ...asking, ...(settings && { settings }) })
      : await supply.open(provided, asking);
  started.defer(() => cluster.stop());
  const scenario = await asItStands(options.scenario, cluster, signal);
  const identity = { runId: randomUUID().slice(0, 8), startedAt: new Date().toISOString() };
  const foundAs = cluster.foundAs ?? options.cluster;
  const undo = await undoLogOf({ scenario, cluster: foundAs }, identity);
  started.defer(async () => {
    if (foundAs === "embedded") await undo.keep([], { ended: true }); // what was left ends with the cluster
  });
  const run = await Run.start({
    scenario,
    replicas,
    cluster,
    ...(runner === undefined
      ? { startLoad }
      : {
          loadsFromInside: true,
          startLoad: loadInside({
            ...{ cluster, undo, signal, mergeShares, runId: identity.runId },
            ...{ workers: runner.workers, image: runner.image },
            program: options.cluster === "embedded" ? runner.program : ["lastcall-load-worker"],
            namespace: scenario.workload.namespace,
            tell: asking.tell,
          }),
        }),
    store: folderRunStore(reportsDir),
    undo,
    maxDisruptedRatio: options.maxDisruptedRatio ?? 1,
    thresholds: options.thresholds ?? [],
    mayTouch: (namespace) => isNamespaceAllowed(namespace, options.allow ?? {}),
    clock,
    machine: runMachine,
    progress,
    signal,
    identity: {
      ...identity,
      zeroAtMs: clock.zeroAtMs,
      environment: { ...(await describeBuild()), images: imagesOf(scenario) },
      ...(options.feature !== undefined && { feature: options.feature }),
      ...recipeOf(options),
    },
  });
  started.defer(() => run.stop());
  const { requests, faults } = await certificate;
  progress.note(
    `The load is certified: ${requests} requests, ${faults} faults, each counted once.`,
  );
  const parts = started.move();
  return { run, stop: () => parts.disposeAsync() };
}

async function asItStands(
  scenario: Scenario,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<Scenario> {
  if (scenario.isRunning !== true) return scenario;
  return withWorkload(scenario, await cluster.readObject(workloadRef(scenario.workload), signal));
}

/** Before anything is started: a run that cannot be kept would be for nothing. */
export async function requireReports(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (cause) {
    throw new UsageError(
      "NO_REPORTS_FOLDER",
      `Could not write to the reports folder ${directory}.`,
      {
        hint: "Name a folder that you may write to: --reports DIR.",
        cause,
      },
    );
  }
}

/** A whole run without a feature, and the promises it is judged by. */
export interface RunPlan extends StartOptions {
  readonly disruptions: readonly Disruption[];
  readonly thresholds: readonly Threshold[];
  /** How often it may be done until its answer is certain. */
  readonly repeat: number;
}

/** Brings the workload up, disturbs it under load and judges what was recorded; nothing is left running. */
export async function runAndJudge(
  plan: RunPlan,
): Promise<{ readonly report: Report; readonly directory: string }> {
  const { repeat, thresholds, output } = plan;
  const first = await runOnce(plan);
  if (repeat === 1) return { report: await judgeRun(first, thresholds), directory: first };
  return await judgeRepeatedly({
    first,
    planned: repeat,
    thresholds,
    again: () => runOnce(plan),
    onUndecided: ({ headline }, done) => {
      output.write(`\nRepetition ${done} of at most ${repeat}: ${headline}\n`);
    },
  });
}

/** What breaks off has a report too, of what was seen until then. */
async function runOnce({ disruptions, ...options }: RunPlan): Promise<string> {
  const { thresholds } = options;
  const { run, stop } = await startRun(options);
  try {
    return await run.disruptUnderLoad(disruptions);
  } catch (error) {
    if (run.directory !== undefined) await judgeRun(run.directory, thresholds);
    throw error;
  } finally {
    await stop();
  }
}
