import { existsSync } from "node:fs";
import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { advise } from "#advice/advise.ts";
import { judge } from "#checkers/judge.ts";
import type { ComparableRun } from "#domain/comparable-run.ts";
import { compareRuns } from "#domain/compare-runs.ts";
import { environmentChanges } from "#domain/environment-changes.ts";
import { HarnessError, UsageError } from "#domain/errors.ts";
import type { Report } from "#domain/report.ts";
import type { Threshold } from "#domain/threshold.ts";
import { createPool } from "#history/create-pool.ts";
import { pruneRuns } from "#history/prune-runs.ts";
import { listRuns } from "#history/run-index.ts";
import { folderRunStore } from "#history/run-store.ts";
import { type SignOff, signRun } from "#history/signatures/sign-run.ts";
import { verifyRun } from "#history/signatures/verify-run.ts";
import { describeAllAdvice } from "#reporting/console/describe-advice.ts";
import { describeComparison } from "#reporting/console/describe-comparison.ts";
import {
  type DescribedProof,
  describeProof as describeWithChanges,
} from "#reporting/console/describe-proof.ts";
import { describeReport } from "#reporting/console/describe-report.ts";
import { attachmentsOf } from "#reporting/cucumber/attachments.ts";
import { type FeaturePlace, renderAnnotations } from "#reporting/github/render-annotations.ts";
import { renderIndex } from "#reporting/html/index/render-index.ts";
import { renderComparison } from "#reporting/html/render-comparison.ts";
import { renderReport } from "#reporting/html/render-report.ts";
import { listResult } from "#reporting/json/list-result.ts";
import { parseResult } from "#reporting/json/parse-result.ts";
import { renderResult } from "#reporting/json/render-result.ts";
import { renderSummary } from "#reporting/markdown/render-summary.ts";
import { renderMetrics } from "#reporting/prometheus/render-metrics.ts";
import { renderSarif } from "#reporting/sarif/render-sarif.ts";
import { repeatUntilCertain, type Series } from "#runner/repeat-until-certain.ts";

/*
 * The composition root of what is done with runs that lie on the disk: judged, listed, compared, signed.
 * Nothing here starts one.
 */

export { attachmentsOf, describeAllAdvice, describeReport, verifyRun };

/** Judges a run's history against promises and writes the report beside it. */
export async function judgeRun(
  directory: string,
  thresholds: readonly Threshold[],
): Promise<Report> {
  const report = await readReport(directory, thresholds);
  await writeFile(join(directory, "report.html"), renderReport(report));
  await writeFile(join(directory, "result.json"), renderResult(report));
  await writeFile(join(directory, "summary.md"), renderSummary(report));
  await writeFile(join(directory, "metrics.prom"), await renderMetrics(report));
  await writeFile(
    join(directory, "advice.sarif"),
    renderSarif(report, scenarioOf(directory, report)),
  );
  await writeFile(thresholdsFile(directory), `${JSON.stringify(thresholds, undefined, 2)}\n`);
  return report;
}

/** The scenario's file as code scanning wants it: from the repository's root, where runs are started. */
function scenarioOf(directory: string, { header }: Report): string | undefined {
  const { recipe } = header;
  if (recipe === undefined) return undefined;
  return relative(process.cwd(), join(dirname(directory), recipe.scenario));
}

/** Marks the feature's line in the pull request that a GitHub Actions job belongs to; elsewhere writes nothing. */
export function annotateJob(report: Report, place: FeaturePlace): void {
  if (process.env["GITHUB_ACTIONS"] !== "true") return;
  process.stdout.write(renderAnnotations(report, place));
}

/** Adds the summary to the page of a GitHub Actions job; elsewhere there is no such page. */
export async function showInJobSummary(report: Report): Promise<void> {
  const page = process.env["GITHUB_STEP_SUMMARY"] ?? "";
  if (page !== "") await appendFile(page, renderSummary(report));
}

/** A series of repetitions to be judged as one; `again` runs the next and returns its folder. */
export interface RepeatedRun extends Pick<Series, "first" | "planned" | "again" | "onUndecided"> {
  readonly thresholds: readonly Threshold[];
}

/** Repeats a run until its answer is certain. Each repetition has its own report, and all have one together. */
export async function judgeRepeatedly(
  run: RepeatedRun,
): Promise<{ readonly report: Report; readonly directory: string }> {
  const { planned, thresholds } = run;
  let directory = run.first;
  const report = await repeatUntilCertain({
    ...run,
    judge: async (runs) => {
      await judgeRun(runs.at(-1) ?? run.first, thresholds);
      directory = await createPool(runs, planned);
      return await judgeRun(directory, thresholds);
    },
  });
  return { report, directory };
}

/** The answer of a second run with a change, beside the first without; what else changed is named. */
export function describeProof(described: Omit<DescribedProof, "changes">): string {
  const { before, now } = described;
  const changes = environmentChanges(comparable(before), comparable(now));
  return describeWithChanges({ ...described, changes });
}

/** The run that others are compared with: its folder, whose history is judged anew, or its `result.json`. */
export async function readBaseline(path: string): Promise<ComparableRun> {
  if (!existsSync(path)) {
    throw new UsageError("NO_BASELINE", `There is no run or result in ${path}.`, {
      hint: "Give the folder of an earlier run, or its result.json.",
    });
  }
  const isFolder = (await stat(path)).isDirectory();
  return isFolder
    ? comparable(await readReport(path, existsSync(thresholdsFile(path)) ? undefined : []))
    : parseResult(await readFile(path, "utf8"), path);
}

/** What changed since the baseline, in words; a report is compared as it would be read again. */
export function describeChange(report: Report, baseline: ComparableRun): string {
  return describeComparison(compareRuns(baseline, comparable(report)));
}

function comparable(report: Report): ComparableRun {
  return parseResult(renderResult(report), "The report");
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

/** Two recorded runs side by side: in words, and as a page. */
export async function compareRecorded(
  before: string,
  now: string,
): Promise<{ readonly text: string; readonly page: string }> {
  const comparison = compareRuns(await readBaseline(before), await readBaseline(now));
  return { text: describeComparison(comparison), page: renderComparison(comparison) };
}

/** Deletes all but the last `keep` runs of a reports folder, and what is signed; returns the names of those deleted. */
export async function forgetRuns(reportsDir: string, keep: number): Promise<readonly string[]> {
  const runs = await listRuns(reportsDir, listResult);
  return await pruneRuns(
    reportsDir,
    runs.map(({ folder }) => folder),
    keep,
  );
}

/** Brings `index.html` of a reports folder up to date; returns its path. */
export async function indexRuns(reportsDir: string): Promise<string> {
  const file = join(reportsDir, "index.html");
  await writeFile(file, renderIndex(await listRuns(reportsDir, listResult)));
  return file;
}

/** Signs a run now; returns the signature's file. */
export async function signOff(
  directory: string,
  decided: Omit<SignOff, "signedAt">,
): Promise<string> {
  return await signRun(directory, { ...decided, signedAt: new Date().toISOString() });
}
