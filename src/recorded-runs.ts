import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compareRuns } from "#domain/compare-runs.ts";
import { listRuns } from "#history/run-index.ts";
import { type SignOff, signRun } from "#history/signatures/sign-run.ts";
import { verifyRun } from "#history/signatures/verify-run.ts";
import { describeComparison } from "#reporting/console/describe-comparison.ts";
import { renderIndex } from "#reporting/html/index/render-index.ts";
import { renderComparison } from "#reporting/html/render-comparison.ts";
import { listResult } from "#reporting/json/list-result.ts";
import { readBaseline } from "./harness.ts";

/*
 * The composition root of what is done with runs that lie on the disk: nothing here starts or judges one.
 */

export { verifyRun };

/** Two recorded runs side by side: in words, and as a page. */
export async function compareRecorded(
  before: string,
  now: string,
): Promise<{ readonly text: string; readonly page: string }> {
  const comparison = compareRuns(await readBaseline(before), await readBaseline(now));
  return { text: describeComparison(comparison), page: renderComparison(comparison) };
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
