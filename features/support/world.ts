import { dirname } from "node:path";
import { type DataTable, type IWorldOptions, setWorldConstructor, World } from "@cucumber/cucumber";
import { requireAllowed, targetOf } from "#domain/allowance.ts";
import type { ComparableRun } from "#domain/comparable-run.ts";
import { describePlan } from "#domain/describe-plan.ts";
import { desiredWorkload } from "#domain/desired-workload.ts";
import type { Disruption } from "#domain/disruption.ts";
import { describeError, HarnessError, UsageError } from "#domain/errors.ts";
import type { FeatureText } from "#domain/feature-text.ts";
import type { Report } from "#domain/report.ts";
import { PLAN_MEDIA_TYPE, type PlannedRun } from "#domain/required-access.ts";
import { describeDuration } from "#domain/run-duration.ts";
import { refuseEmptyCluster } from "#domain/running-workload.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { Threshold } from "#domain/threshold.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { type StartedRun, startRun } from "#harness.ts";
import {
  annotateJob,
  describeChange,
  describeReport,
  indexRuns,
  judgeRepeatedly,
  judgeRun,
  showInJobSummary,
} from "#recorded-runs.ts";
import { loadScenario } from "#scenario/load-scenario.ts";
import { loadSettings, type Settings } from "#scenario/load-settings.ts";
import { parsePodNetwork } from "#scenario/parse-pod-network.ts";
import type { WatchedRun } from "#watchers.ts";
import { attachPictures } from "./attach-pictures.ts";
import { sharedSupply } from "./clusters.ts";
import {
  InterruptedError,
  NeverJudgedError,
  NoRunError,
  NotJudgedError,
  SecondRunError,
  VerdictError,
} from "./errors.ts";
import { interruption } from "./interruption.ts";
import { sharedBaseline } from "./shared-baseline.ts";
import { sharedWatchers } from "./shared-watchers.ts";
import { readThresholds } from "./threshold-tables.ts";
import { withoutSecrets } from "./without-secrets.ts";
import { clusterSettingsOf, insideOf, type WorldParameters } from "./world-parameters.ts";

/** What is known of a Gherkin scenario before its first step. */
export interface Specification {
  /** The one that its tag names, which counts where the command line names none. */
  readonly scenario?: string;
  readonly promises: readonly Threshold[];
  readonly text: FeatureText;
}

/** What a step asks to be done to the workload. */
export interface AskedDisruptions {
  readonly disruptionsOf: (workload: WorkloadRef) => readonly Disruption[];
  /** By which they are drawn, where they are. */
  readonly seed?: number;
}

/** A feature that takes more than half of the pods away has to say so in lastcall.yaml. */
const MOST_AT_ONCE = 0.5;

/**
 * One Gherkin scenario = one run = one history = one report. Where repetitions are allowed, its steps are
 * done again from a fresh workload, and all histories together have the one report that counts.
 */
export class HarnessWorld extends World<WorldParameters> {
  #settings: Settings | undefined;
  #scenario: Scenario | undefined;
  /** What the scenario will ask, known before its last step: a run that breaks off is judged by it too. */
  #promises: readonly Threshold[] = [];
  #text: FeatureText | undefined;
  #started: StartedRun | undefined;
  #watched: WatchedRun | undefined;
  #directory: string | undefined;
  #baseline: ComparableRun | undefined;
  #replicas: number | undefined;
  #asked: AskedDisruptions | undefined;
  #judged = false;
  /** Of a plan: what its steps have asked for so far, which a run would have by then. */
  #planned: "nothing" | "workload" | "disruption" = "nothing";

  constructor(options: IWorldOptions<WorldParameters>) {
    super(options);
  }

  /** Reads settings and scenario before anything is touched, so that their problems cost nothing. */
  async prepare({ promises, text, scenario }: Specification): Promise<void> {
    interruption().throwIfAborted();
    this.#promises = promises;
    this.#text = text;
    const tagged = scenario === undefined ? {} : { scenario };
    this.#settings = { ...(await loadSettings(process.cwd())), ...tagged, ...this.parameters };
    this.#scenario = await loadScenario(this.#settings.scenario);
    const { baseline } = this.parameters;
    parsePodNetwork(this.parameters.podNetwork);
    if (baseline !== undefined) this.#baseline = await sharedBaseline(baseline);
  }

  async startWorkload(replicas?: number): Promise<void> {
    if (this.#started !== undefined || this.#planned !== "nothing") {
      throw new SecondRunError("SECOND_WORKLOAD", "started its workload already");
    }
    const settings = this.#settings;
    if (settings === undefined || this.#scenario === undefined) throw new NoRunError();
    this.#replicas = replicas;
    if (this.#isPlanned) {
      this.#planned = "workload";
      return;
    }
    this.#watched = (await sharedWatchers(this.parameters)).follow(this.#scenario.name);
    this.#started = await startRun({
      scenario: this.#scenario,
      ...(replicas !== undefined && { replicas }),
      cluster: settings.cluster,
      supply: sharedSupply(settings.cluster, clusterSettingsOf(this.parameters)),
      ...(settings.allow !== undefined && { allow: settings.allow }),
      thresholds: this.#promises,
      ...(this.#text !== undefined && { feature: this.#text }),
      maxDisruptedRatio: settings.maxDisruptedRatio ?? MOST_AT_ONCE,
      ...insideOf(settings),
      reportsDir: settings.reports,
      output: process.stdout,
      watcher: this.#watched.progress,
      signal: interruption(),
    });
  }

  get #isPlanned(): boolean {
    return this.parameters.dryRun !== undefined && this.parameters.dryRun !== false;
  }

  /** Returns the folder of the run. */
  async disruptUnderLoad(asked: AskedDisruptions): Promise<string> {
    if (this.#directory !== undefined || this.#planned === "disruption") {
      throw new SecondRunError("SECOND_DISRUPTION", "disturbed its workload already");
    }
    if (this.#isPlanned) return await this.#plan(asked);
    if (this.#started === undefined) await this.startWorkload();
    if (this.#started === undefined || this.#scenario === undefined) throw new NoRunError();
    const { run } = this.#started;
    this.#asked = asked;
    const disruptions = asked.disruptionsOf(this.#scenario.workload);
    try {
      this.#directory = await run.disruptUnderLoad(disruptions, asked.seed);
      return this.#directory;
    } catch (error) {
      if (run.directory !== undefined) await this.#report(run.directory, this.#promises);
      throw error;
    }
  }

  /** Shows what the run would do, after the same refusals as the run itself; there is no folder of it. */
  async #plan({ disruptionsOf }: AskedDisruptions): Promise<string> {
    const [scenario, settings] = [this.#scenario, this.#settings];
    if (scenario === undefined || settings === undefined) throw new NoRunError();
    const { cluster, allow = {} } = settings;
    refuseEmptyCluster(scenario, cluster);
    requireAllowed(targetOf({ cluster, scenario }), allow);
    const disruptions = disruptionsOf(scenario.workload);
    this.#planned = "disruption";
    const wanted = this.#replicas;
    const replicas = scenario.isRunning ? wanted : desiredWorkload(scenario, wanted).replicas;
    const { inside } = insideOf(settings);
    const plan: PlannedRun = {
      ...{ scenario: withoutSecrets(scenario), disruptions, promises: this.#promises },
      loadsFromInside: inside !== undefined,
      scalesRunning: scenario.isRunning === true && wanted !== undefined,
    };
    await this.attach(JSON.stringify(plan), PLAN_MEDIA_TYPE);
    if (this.parameters.dryRun === "quietly") return "";
    const loadWorkers = inside === undefined ? {} : { loadWorkers: inside.workers };
    const shown = {
      scenario,
      cluster,
      disruptions,
      ...(replicas !== undefined && { replicas }),
      ...loadWorkers,
    };
    process.stdout.write(`\n${describePlan(shown)}\n`);
    return "";
  }

  /** `skipped` where there was no run: nothing that was only planned may look as if it had passed. */
  async judge(table: DataTable): Promise<"skipped" | undefined> {
    if (this.#planned === "disruption") return "skipped";
    const first = this.#directory;
    if (first === undefined) throw new NoRunError();
    const report = await this.#answer(first, readThresholds(table.raw()));
    this.#judged = true;
    if (report.verdict !== "pass") throw new VerdictError(report);
    return undefined;
  }

  async #answer(first: string, thresholds: readonly Threshold[]): Promise<Report> {
    const { repeat = 1 } = this.parameters;
    if (repeat === 1) return await this.#report(first, thresholds);
    const { report, directory } = await judgeRepeatedly({
      first,
      planned: repeat,
      thresholds,
      again: () => this.#runAgain(),
      onUndecided: ({ headline }, done) => {
        process.stdout.write(`\nRepetition ${done} of at most ${repeat}: ${headline}\n`);
      },
    });
    await this.#show(report, directory);
    return report;
  }

  /** Does what the steps did once more, from a fresh workload; returns the folder of that run. */
  async #runAgain(): Promise<string> {
    const asked = this.#asked;
    if (asked === undefined) throw new NoRunError();
    await this.stop();
    this.#directory = undefined;
    await this.startWorkload(this.#replicas);
    return await this.disruptUnderLoad(asked);
  }

  /** Throws when a run was made and nothing was asked of it. */
  requireVerdict(): void {
    if (this.#directory !== undefined && !this.#judged) throw new NotJudgedError(this.#directory);
    if (this.#planned === "disruption") throw new NeverJudgedError();
  }

  async #report(directory: string, thresholds: readonly Threshold[]): Promise<Report> {
    const report = await judgeRun(directory, thresholds);
    await this.#show(report, directory);
    return report;
  }

  async #show(report: Report, directory: string): Promise<void> {
    const change = this.#baseline && describeChange(report, this.#baseline);
    const summary = [
      `${describeReport(report, { directory })}\n${describeDuration(report.closing)}`,
      ...(change === undefined ? [] : [change]),
    ].join("\n\n");
    process.stdout.write(`\n${summary}\n`);
    await this.attach(summary, "text/plain");
    await attachPictures(report, this);
    await showInJobSummary(report);
    if (this.#text !== undefined) annotateJob(report, this.#text);
    await indexRuns(dirname(directory));
    const { verdict } = report;
    await this.attach(
      JSON.stringify({ verdict, directory }),
      "application/vnd.lastcall.result+json",
    );
    // Last: what could not be pushed does not hide the verdict.
    await this.#watched?.finish(report, directory);
  }

  /**
   * Lets an expected problem speak for itself: the message and its next step instead of a stack, and a
   * mark in cucumber's messages by which the command line tells wrong usage and Ctrl-C from a failed run.
   */
  async explaining<T>(act: () => T | Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (caught) {
      // Whatever a wait that was cut short throws, the interruption is the reason.
      const error = interruption().aborted ? interruption().reason : caught;
      if (error instanceof HarnessError) {
        // Cucumber prints the message, and of the stack what goes beyond it: nothing.
        error.stack = describeError(error);
        error.message = error.stack.slice(`${error.code}: `.length);
      }
      if (error instanceof UsageError) {
        await this.attach(error.code, "application/vnd.lastcall.usage");
      }
      if (error instanceof InterruptedError) {
        await this.attach(error.code, "application/vnd.lastcall.interrupted");
      }
      throw error;
    }
  }

  /** Ends everything this scenario started, whatever became of it. */
  async stop(): Promise<void> {
    const started = this.#started;
    this.#started = undefined;
    await started?.stop();
  }
}

setWorldConstructor(HarnessWorld);
