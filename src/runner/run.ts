import { awaitReady } from "#disruptions/await-ready.ts";
import { performDisruption } from "#disruptions/perform-disruption.ts";
import { countPodStates } from "#domain/cluster-view.ts";
import { demandedWaitMs } from "#domain/demanded-wait.ts";
import { type DesiredWorkload, desiredWorkload } from "#domain/desired-workload.ts";
import type { Disruption } from "#domain/disruption.ts";
import { takesMachines } from "#domain/disruption-effects.ts";
import { HarnessError } from "#domain/errors.ts";
import type { HistoryClosing } from "#domain/history.ts";
import { slowestAnswerMs } from "#domain/load-profile.ts";
import type { ServiceAddress, Watching } from "#ports/cluster.ts";
import type { Listening } from "#ports/data-path-witness.ts";
import type { LoadResult, RunningLoad } from "#ports/load-driver.ts";
import type { RunWriter } from "#ports/run-store.ts";
import { AbortWatch } from "./abort-watch.ts";
import { headerOf } from "./history-header.ts";
import { listenToDataPath } from "./listen-to-data-path.ts";
import { locateLoad } from "./locate-load.ts";
import { recordMachine } from "./machine-recorder.ts";
import { ObservedCluster } from "./observed-cluster.ts";
import { occupyNamespace } from "./occupy-namespace.ts";
import { PromiseWatch } from "./promise-watch.ts";
import { describePutBack, putBack, putBackLimitMs, stepsOfEnd } from "./put-back.ts";
import { Recorder } from "./recorder.ts";
import type { RunLease } from "./run-lease.ts";
import type { RunOptions } from "./run-options.ts";
import { UsageRecorder } from "./usage-recorder.ts";

/** The header by which the sample workloads name the pod that answers. */
const POD_HEADER = "x-pod";

/** What the slowest answers get beyond the time they take on purpose; cut off by us they would be errors. */
const DRAIN_SPARE_MS = 1_000;

/**
 * One scenario against one cluster: start the workload, offer load, disturb it, let it recover, drain.
 *
 *   setup ─► warm-up ─► control ─► disruption ─► recovery ─► drain ─► teardown
 *
 * The run records and never judges. `stop` always leaves the cluster as the run's owner expects.
 */
export class Run {
  readonly #options: RunOptions;
  readonly #recorder: Recorder;
  readonly #observed: ObservedCluster;
  readonly #desired: DesiredWorkload;
  readonly #usage: UsageRecorder;
  /** Ends the run from inside: a lost Lease, an abort condition. */
  readonly #breaking = new AbortController();
  readonly #signal: AbortSignal;
  readonly #abortWatch: AbortWatch;
  readonly #promiseWatch: PromiseWatch;
  #watching: Watching | undefined;
  #listening: Listening | undefined;
  #entrances: readonly string[] = [];
  #isPutBack = false;
  #lease: RunLease | undefined;
  #directory: string | undefined;

  private constructor(options: RunOptions) {
    this.#options = options;
    this.#recorder = new Recorder(options.clock);
    this.#desired = desiredWorkload(options.scenario, options.replicas);
    this.#observed = new ObservedCluster(options.clock, (observation) => {
      this.#recorder.observe(observation);
      options.progress.pods(countPodStates(this.#observed.view));
      this.#abortWatch.seeCluster(this.#observed.view);
      this.#promiseWatch.seeCluster(this.#observed.view, observation.atMs);
    });
    this.#signal = AbortSignal.any([options.signal, this.#breaking.signal]);
    this.#abortWatch = new AbortWatch(options.scenario.abort ?? {}, (error) =>
      this.#breaking.abort(error),
    );
    this.#promiseWatch = new PromiseWatch(options.thresholds, options.scenario.load);
    this.#usage = new UsageRecorder(
      { ...options, leaksPromised: options.thresholds.some(({ metric }) => metric === "leaks") },
      this.#observed,
    );
  }

  /** Applies the workload and waits until it is ready; throws what keeps it from getting ready. */
  static async start(options: RunOptions): Promise<Run> {
    const run = new Run(options);
    try {
      await run.#setUp();
      return run;
    } catch (error) {
      await run.stop();
      throw run.#reasonOf(error);
    }
  }

  /** A wait that was cut short throws its own error; why it was cut short is what has to be told. */
  #reasonOf(error: unknown): unknown {
    return this.#breaking.signal.aborted ? this.#breaking.signal.reason : error;
  }

  async #setUp(): Promise<void> {
    const { scenario, cluster, clock, progress } = this.#options;
    const signal = this.#signal;
    this.#begin("setup");
    progress.note(`Cluster: ${cluster.description}, Kubernetes ${cluster.kubernetesVersion}.`);
    const { workload, service } = scenario;
    this.#watching = await cluster.observe(
      { namespace: workload.namespace, workload, service },
      (observation) => this.#observed.receive(observation),
      { clock, signal },
    );
    this.#lease = await occupyNamespace(
      { ...this.#options, objects: this.#desired.objects },
      { onLost: (error) => this.#breaking.abort(error) },
      signal,
    );
    await this.#bringUp();
    await awaitReady({
      cluster,
      observed: this.#observed,
      workload,
      replicas: this.#desired.replicas,
      deadlineMs: scenario.timing.deadlineMs,
      exitsForgiven: scenario.exitsForgiven,
      signal,
    });
    const ready = this.#observed.view.workload?.desired ?? this.#desired.replicas;
    progress.note(`${ready} pods of ${workload.name} are ready.`);
  }

  /** What runs already is not applied anew: only its number is changed, and put back in the end as any disruption. */
  async #bringUp(): Promise<void> {
    const { scenario, cluster, replicas } = this.#options;
    const { workload, isRunning } = scenario;
    if (isRunning !== true) await cluster.apply(this.#desired.objects, this.#signal);
    else if (replicas !== undefined) await this.#perform({ type: "scale", workload, replicas });
  }

  /** Offers the load, performs the disruptions in order, and closes the history; returns its folder. */
  async disruptUnderLoad(disruptions: readonly Disruption[], seed?: number): Promise<string> {
    const { store, progress } = this.#options;
    const signal = this.#signal;
    const fewEntrances = disruptions.some(takesMachines);
    const address = await locateLoad(this.#options, fewEntrances, this.#signal);
    this.#entrances = address.hosts;
    await this.#usage.recordSettled(signal);
    progress.note(`The load goes to ${address.url} (${address.via}).`);
    const writer = await store.create(
      headerOf(this.#options, { disruptions, ...(seed !== undefined && { seed }) }, address),
    );
    this.#directory = writer.directory;
    progress.recording(writer.directory);
    this.#recorder.writeTo(writer);
    this.#listening = await listenToDataPath(address, {
      ...{ ...this.#options, signal },
      heard: (word) => this.#recorder.hear(word),
      changed: (observation) => this.#observed.receive(observation),
    });
    const load = await this.#startLoad(address, writer);
    let result: LoadResult | undefined;
    let brokenOff: string | undefined;
    try {
      await this.#phasesUnderLoad(disruptions);
    } catch (error) {
      const reason = this.#reasonOf(error);
      brokenOff = describeBreak(reason, this.#options.signal);
      throw reason;
    } finally {
      result = await this.#drain(load);
      try {
        if (brokenOff === undefined) await this.#usage.recordSettled(signal);
      } finally {
        await this.#close(writer, result, brokenOff);
      }
    }
    return writer.directory;
  }

  async #phasesUnderLoad(disruptions: readonly Disruption[]): Promise<void> {
    const { scenario, clock } = this.#options;
    const signal = this.#signal;
    const { warmUpMs, controlMs, recoveryMs } = scenario.timing;
    this.#begin("warm-up", warmUpMs);
    await clock.sleep(warmUpMs, signal);
    this.#begin("control", controlMs);
    await clock.sleep(controlMs, signal);
    const demanded = disruptions.map((each) =>
      demandedWaitMs(each, this.#desired.workload, slowestAnswerMs(scenario.load)),
    );
    this.#begin(
      "disruption",
      demanded.reduce((sum, ms) => sum + ms, 0),
    );
    const over = new AbortController();
    const underLoad = AbortSignal.any([signal, over.signal]);
    this.#abortWatch.begin(clock, underLoad);
    this.#promiseWatch.begin();
    const leaving = this.#usage.recordLeaving(underLoad);
    leaving.catch(() => {}); // told where it is awaited
    const watchingMachine = recordMachine(
      this.#options,
      (one) => this.#observed.receive(one),
      underLoad,
    );
    try {
      await this.#disrupt(disruptions);
      this.#begin("recovery", recoveryMs);
      await clock.sleep(recoveryMs, signal);
    } finally {
      over.abort();
      await watchingMachine;
      await leaving;
    }
  }

  async #disrupt(disruptions: readonly Disruption[]): Promise<void> {
    for (const disruption of disruptions) {
      this.#options.progress.disruption(disruption);
      await this.#perform(disruption);
    }
  }

  async #perform(disruption: Disruption): Promise<void> {
    const { scenario, cluster, clock, identity, undo } = this.#options;
    const { mayTouch, maxDisruptedRatio } = this.#options;
    await performDisruption(disruption, {
      cluster,
      observed: this.#observed,
      clock,
      undo,
      mayTouch,
      entrances: this.#entrances,
      maxDisruptedRatio,
      runId: identity.runId,
      startedAt: identity.startedAt,
      deadlineMs: scenario.timing.deadlineMs,
      signal: this.#signal,
    });
  }

  /** Where the history is, from the moment there is one: also when the run broke off. */
  get directory(): string | undefined {
    return this.#directory;
  }

  /**
   * Takes back what was changed, if its end did not come to that, ends the watches and lets others begin; what was
   * started for the run is ended by whoever started it.
   */
  async stop(): Promise<void> {
    if (!this.#isPutBack) await this.#putBack(true);
    await this.#listening?.stop();
    this.#listening = undefined;
    await this.#watching?.stop();
    this.#watching = undefined;
    await this.#lease?.release();
    this.#lease = undefined;
  }

  #begin(name: Parameters<Recorder["beginPhase"]>[0], demandedMs = 0): void {
    this.#recorder.beginPhase(name, demandedMs);
    this.#options.progress.phase(name, this.#options.clock.nowMs());
  }

  async #startLoad({ url, hosts }: ServiceAddress, writer: RunWriter): Promise<RunningLoad> {
    const { scenario, startLoad, identity, progress, clock } = this.#options;
    const load = await startLoad({
      baseUrl: url,
      hosts,
      streams: scenario.load,
      directory: writer.directory,
      runStartedAtMs: identity.zeroAtMs,
      keyPrefix: identity.runId,
      drainMs: Math.max(scenario.timing.drainMs, slowestAnswerMs(scenario.load) + DRAIN_SPARE_MS),
      podHeader: POD_HEADER,
    });
    load.onProgress((counts) => {
      const atMs = clock.nowMs();
      progress.load(counts, atMs);
      this.#abortWatch.seeLoad(counts, atMs);
      this.#promiseWatch.seeLoad(counts);
      progress.promises(this.#promiseWatch.standings);
    });
    return load;
  }

  async #drain(load: RunningLoad): Promise<LoadResult> {
    this.#begin("drain", slowestAnswerMs(this.#options.scenario.load));
    return await load.stop();
  }

  async #close(
    writer: RunWriter,
    result: LoadResult,
    brokenOff: string | undefined,
  ): Promise<void> {
    this.#begin("teardown");
    await this.#putBack(brokenOff !== undefined);
    await this.stop();
    this.#recorder.endPhase();
    const closing: HistoryClosing = {
      phases: this.#recorder.phases,
      streams: result.accounts,
      ...(result.workers !== undefined && { workers: result.workers }),
      ...(brokenOff !== undefined && { brokenOff }),
    };
    await writer.close(closing, result.audit);
  }

  /** Also after Ctrl-C, so the run's own signal is not asked. */
  async #putBack(brokenOff: boolean): Promise<void> {
    this.#isPutBack = true; // also when it fails: the undo log says the rest to `lastcall cleanup`
    const { undo, cluster, progress } = this.#options;
    const wanted = stepsOfEnd(undo.steps, brokenOff);
    const limit = AbortSignal.timeout(putBackLimitMs(wanted));
    const done = await putBack({ undo, cluster, wanted }, limit);
    for (const one of done) progress.note(describePutBack(one));
  }
}

function describeBreak(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "it was interrupted.";
  return error instanceof HarnessError ? `${error.code}: ${error.message}` : String(error);
}
