import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { advise } from "#advice/advise.ts";
import { judge } from "#checkers/judge.ts";
import {
  type BackgroundClusters,
  backgroundClusters,
} from "#clusters/background/background-clusters.ts";
import type { FoundCluster } from "#clusters/background/find-clusters.ts";
import type { StopOutcome } from "#clusters/background/stop-background-cluster.ts";
import { startEmbeddedCluster } from "#clusters/embedded-cluster.ts";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import { HarnessError, UsageError } from "#domain/errors.ts";
import type { Report } from "#domain/report.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { Threshold } from "#domain/threshold.ts";
import { folderRunStore } from "#history/run-store.ts";
import { certifyApart } from "#load/certify-apart.ts";
import { startLoad } from "#load/start-load.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import { describeAllAdvice } from "#reporting/console/describe-advice.ts";
import { describeReport } from "#reporting/console/describe-report.ts";
import { createProgress } from "#reporting/console/terminal-progress.ts";
import { renderReport } from "#reporting/html/render-report.ts";
import { renderResult } from "#reporting/json/render-result.ts";
import { Run } from "#runner/run.ts";
import { describeBuild, lastcallVersion } from "./build.ts";

/*
 * The composition root: the one file that chooses adapters. Everything else is given what it needs.
 */

export type { BackgroundClusters, FoundCluster, StopOutcome };
export { describeAllAdvice, describeReport, lastcallVersion };

/** Where a run shows what it does: the terminal, or a file in CI. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Starts or reaches the cluster that the user chose: `embedded` or `context:NAME`. */
export async function openCluster(choice: string, scenario: Scenario): Promise<Cluster> {
  if (choice === "embedded") return await startEmbeddedCluster({ images: scenario.images });
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
  readonly reportsDir: string;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Opens the cluster and brings the workload up; on failure nothing of it is left. */
export async function startRun(options: StartOptions): Promise<StartedRun> {
  const { scenario, replicas, reportsDir, output, signal } = options;
  const clock = createClock();
  const progress = createProgress(output);
  await using started = new AsyncDisposableStack();
  started.defer(() => progress.end());
  await mkdir(reportsDir, { recursive: true });
  const certificate = certifyApart(signal);
  // It is told below; if the cluster cannot start, that is what the user has to hear of.
  certificate.catch(() => undefined);
  const cluster = await openCluster(options.cluster, scenario);
  started.defer(() => cluster.stop());
  const run = await Run.start({
    scenario,
    replicas,
    cluster,
    startLoad,
    store: folderRunStore(reportsDir),
    clock,
    progress,
    signal,
    identity: {
      runId: randomUUID().slice(0, 8),
      startedAt: new Date().toISOString(),
      zeroAtMs: clock.zeroAtMs,
      environment: { ...(await describeBuild()), images: imagesOf(scenario) },
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

/** Judges a run's history against promises and writes the report beside it. */
export async function judgeRun(
  directory: string,
  thresholds: readonly Threshold[],
): Promise<Report> {
  const report = await readReport(directory, thresholds);
  await writeFile(join(directory, "report.html"), renderReport(report));
  await writeFile(join(directory, "result.json"), renderResult(report));
  await writeFile(thresholdsFile(directory), `${JSON.stringify(thresholds, undefined, 2)}\n`);
  return report;
}

/** Judges without writing: what the history says to these promises, or to those asked when it was run. */
export async function readReport(
  directory: string,
  thresholds: readonly Threshold[] | undefined,
): Promise<Report> {
  const history = await folderRunStore(directory).open(directory);
  const report = judge(history, thresholds ?? (await askedThresholds(directory)));
  return { ...report, advice: advise(report) };
}

async function askedThresholds(directory: string): Promise<readonly Threshold[]> {
  try {
    return JSON.parse(await readFile(thresholdsFile(directory), "utf8")) as readonly Threshold[]; // written by judgeRun
  } catch (error) {
    throw new HarnessError("NO_THRESHOLDS", `The run in ${directory} was never judged.`, {
      hint: 'Say what to judge it by: --threshold "request error rate <0.1%".',
      cause: error,
    });
  }
}

function thresholdsFile(directory: string): string {
  return join(directory, "thresholds.json");
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

function imagesOf({ objects }: Scenario): readonly string[] {
  const images = JSON.stringify(objects).matchAll(/"image":"([^"]+)"/g);
  return [...new Set([...images].map((match) => match[1] ?? ""))];
}
