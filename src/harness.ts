import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  type BackgroundClusters,
  backgroundClusters,
} from "#clusters/background/background-clusters.ts";
import type { FoundCluster } from "#clusters/background/find-clusters.ts";
import type { StopOutcome } from "#clusters/background/stop-background-cluster.ts";
import { startEmbeddedCluster } from "#clusters/embedded-cluster.ts";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import { type Allowance, isNamespaceAllowed } from "#domain/allowance.ts";
import type { Disruption } from "#domain/disruption.ts";
import { UsageError } from "#domain/errors.ts";
import type { Recipe } from "#domain/recipe.ts";
import type { Report } from "#domain/report.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { Threshold } from "#domain/threshold.ts";
import { folderRunStore } from "#history/run-store.ts";
import { requireDatabaseUrls } from "#load/audit/database-url.ts";
import { certifyApart } from "#load/certify-apart.ts";
import { startLoad } from "#load/start-load.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import { createProgress } from "#reporting/console/terminal-progress.ts";
import { Run } from "#runner/run.ts";
import { describeBuild, lastcallVersion } from "./build.ts";
import { judgeRepeatedly, judgeRun } from "./recorded-runs.ts";
import { undoLogOf } from "./safety.ts";

/*
 * The composition root: the one file that chooses adapters. Everything else is given what it needs.
 */

export type { BackgroundClusters, FoundCluster, StopOutcome };
export { lastcallVersion };

/** Where a run shows what it does: the terminal, or a file in CI. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What only a cluster of our own lets itself be told. */
export interface EmbeddedSettings {
  /** How long the Service data path takes to learn of an endpoint that changed; 100 ms unless given. */
  readonly dataPathDelayMs?: number;
}

/** Starts or reaches the cluster that the user chose: `embedded` or `context:NAME`. */
export async function openCluster(
  choice: string,
  scenario: Scenario,
  embedded: EmbeddedSettings = {},
): Promise<Cluster> {
  if (choice === "embedded") {
    return await startEmbeddedCluster({ images: scenario.images, ...embedded });
  }
  const context = /^context:(.+)$/.exec(choice)?.[1];
  if (context === undefined) {
    throw new UsageError("UNKNOWN_CLUSTER", `There is no cluster of the kind "${choice}".`, {
      hint: "Use embedded, or context:NAME for a context of your kubeconfig.",
    });
  }
  return await connectCluster({
    kubeconfig: "default",
    context,
    description: `context ${context}`,
  });
}

/** A started run with the cluster it owns. */
export interface StartedRun {
  readonly run: Run;
  /** Ends the watches, the progress display and the cluster, as far as we started it. */
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly scenario: Scenario;
  readonly replicas?: number;
  readonly cluster: string;
  readonly embedded?: EmbeddedSettings;
  /** Which namespaces may be touched; absent: all but the cluster's own. */
  readonly allow?: Allowance;
  readonly reportsDir: string;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Opens the cluster and brings the workload up; on failure nothing of it is left. */
export async function startRun(options: StartOptions): Promise<StartedRun> {
  const { scenario, replicas, reportsDir, output, signal } = options;
  requireDatabaseUrls(scenario.load, process.env);
  const clock = createClock();
  const progress = createProgress(output);
  await using started = new AsyncDisposableStack();
  started.defer(() => progress.end());
  await mkdir(reportsDir, { recursive: true });
  const certificate = certifyApart(signal);
  // It is told below; if the cluster cannot start, that is what the user has to hear of.
  certificate.catch(() => undefined);
  const cluster = await openCluster(options.cluster, scenario, options.embedded);
  started.defer(() => cluster.stop());
  const identity = { runId: randomUUID().slice(0, 8), startedAt: new Date().toISOString() };
  const run = await Run.start({
    scenario,
    replicas,
    cluster,
    startLoad,
    store: folderRunStore(reportsDir),
    undo: undoLogOf(options, identity),
    mayTouch: (namespace) => isNamespaceAllowed(namespace, options.allow ?? {}),
    clock,
    progress,
    signal,
    identity: {
      ...identity,
      zeroAtMs: clock.zeroAtMs,
      environment: { ...(await describeBuild()), images: imagesOf(scenario) },
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
async function runOnce({ disruptions, thresholds, ...options }: RunPlan): Promise<string> {
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

/** The clusters of this user that run in processes of their own. */
export function openBackgroundClusters(): BackgroundClusters {
  return backgroundClusters({ env: process.env, clock: createClock() });
}

function createClock(): Clock & { readonly zeroAtMs: number } {
  const startedAtMs = performance.now();
  return {
    zeroAtMs: performance.timeOrigin + startedAtMs,
    nowMs: () => performance.now() - startedAtMs,
    sleep: async (ms, signal) => {
      await delay(ms, undefined, { signal });
    },
  };
}

/** The folder that is kept has the way to its scenario, also when both are copied to another machine. */
function recipeOf({ scenario, replicas, cluster, embedded, reportsDir }: StartOptions): {
  readonly recipe?: Recipe;
} {
  const { origin, patches } = scenario;
  if (origin === undefined) return {};
  return {
    recipe: {
      scenario: relative(reportsDir, origin.file),
      digests: origin.digests,
      ...(replicas !== undefined && { replicas }),
      cluster,
      ...embedded,
      ...(patches !== undefined && { patches }),
    },
  };
}

function imagesOf({ objects }: Scenario): readonly string[] {
  const images = JSON.stringify(objects).matchAll(/"image":"([^"]+)"/g);
  return [...new Set([...images].map((match) => match[1] ?? ""))];
}
