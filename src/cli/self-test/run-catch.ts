import { describeError, HarnessError } from "#domain/errors.ts";
import type { Report } from "#domain/report.ts";
import { startRun } from "#harness.ts";
import { judgeRun } from "#recorded-runs.ts";
import { loadScenario } from "#scenario/load-scenario.ts";
import type { Catch } from "./catches.ts";
import { compareReport } from "./compare-report.ts";

/**
 * What became of one catch. `missed` is a fault that was not found, or not for its reason; `false-alarm`
 * a healthy workload that was found fault with; `void` a run that proves nothing and says so, most often
 * because this machine was too busy.
 */
export interface CatchOutcome {
  readonly name: string;
  readonly type: "caught" | "passed" | "missed" | "false-alarm" | "void";
  /** What is not as it should be; empty when everything is. */
  readonly objections: readonly string[];
  readonly seconds: number;
  /** Why a first run proved nothing, where this is the second. */
  readonly repeatedFor?: readonly string[];
  /** The run's folder, if it came to one. */
  readonly run?: string;
}

/** What all catches of one self-test have in common. */
export interface CatchSurroundings {
  readonly reportsDir: string;
  readonly signal: AbortSignal;
}

/** Runs the workload under load on a cluster of its own, judges it, and holds the report against the answer. */
export async function runCatch(one: Catch, surroundings: CatchSurroundings): Promise<CatchOutcome> {
  const startedAtMs = performance.now();
  const since = () => (performance.now() - startedAtMs) / 1000;
  try {
    const run = await disrupt(one, surroundings);
    const report = await judgeRun(run, one.expectation.thresholds);
    return { name: one.name, ...hold(report, one), seconds: since(), run };
  } catch (error) {
    if (surroundings.signal.aborted || !(error instanceof HarnessError)) throw error;
    const objections = describeError(error).split("\n");
    return { name: one.name, type: "void", objections, seconds: since() };
  }
}

async function disrupt(one: Catch, surroundings: CatchSurroundings): Promise<string> {
  const { dataPathDelayMs, disruptionOf } = one.expectation;
  const scenario = await loadScenario(one.directory);
  const { run, stop } = await startRun({
    scenario,
    thresholds: one.expectation.thresholds,
    cluster: "embedded",
    settings: { embedded: dataPathDelayMs === undefined ? {} : { dataPathDelayMs } },
    output: { write() {} },
    ...surroundings,
  });
  try {
    return await run.disruptUnderLoad([disruptionOf(scenario.workload)]);
  } finally {
    await stop();
  }
}

/** A doubt about a healthy workload is no fault found with it: the run says that it cannot tell. */
function hold(report: Report, { expectation }: Catch): Pick<CatchOutcome, "type" | "objections"> {
  const objections = compareReport(report, expectation);
  const healthy = expectation.verdict === "pass";
  if (objections.length === 0) return { type: healthy ? "passed" : "caught", objections };
  const { voids = [], verdict } = report;
  if (voids.length > 0) return { type: "void", objections: voids };
  if (!healthy) return { type: "missed", objections };
  return { type: verdict === "inconclusive" ? "void" : "false-alarm", objections };
}
