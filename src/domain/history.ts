import type { DataPathWord } from "./data-path-word.ts";
import type { Disruption } from "./disruption.ts";
import type { Exchange } from "./exchange.ts";
import type { FeatureText } from "./feature-text.ts";
import type { HeldConnection } from "./held-connection.ts";
import type { LoadStream } from "./load-profile.ts";
import type { LoadWorker } from "./load-worker.ts";
import type { Observation } from "./observation.ts";
import type { Phase } from "./phase.ts";
import type { Recipe } from "./recipe.ts";
import type { Audit, Transaction } from "./transaction.ts";
import type { WorkloadRef } from "./workload.ts";

/**
 * All that a run recorded, and the only input of judgement.
 *
 * Observations and transactions fit in memory; exchanges may be millions, so they are an iterable
 * that is read anew at each pass. An exchange that was given may be kept: no other one is written over it.
 */
export interface History {
  readonly header: HistoryHeader;
  readonly closing: HistoryClosing;
  readonly observations: readonly Observation[];
  readonly exchanges: Iterable<Exchange>;
  /** What the data path said of the load's connections, in the order of arrival; absent where it says nothing. */
  readonly dataPath?: Iterable<DataPathWord>;
  readonly transactions: readonly Transaction[];
  /** Of the websocket streams, in the order of their ends; absent when none was opened. */
  readonly connections?: readonly HeldConnection[];
  readonly audit?: Audit;
  /** All that a pooled history was made of, those left out of it too: judging may leave out more. */
  readonly repetitions?: readonly History[];
}

/** Written before the first request. `format` is raised when a reader of the old one would be wrong. */
export interface HistoryHeader {
  readonly format: 1;
  readonly runId: string;
  readonly scenario: string;
  /** Wall-clock start, ISO 8601: for people and folder names, never for arithmetic. */
  readonly startedAt: string;
  readonly workload: WorkloadRef;
  readonly disruptions: readonly Disruption[];
  readonly load: readonly LoadStream[];
  /** The hosts at which the load's connections are opened, in turn; absent in runs of older versions. */
  readonly entrances?: readonly string[];
  readonly marginMs: number;
  readonly environment: Environment;
  /** Absent when the run was not asked for by a feature. */
  readonly feature?: FeatureText;
  /** Absent in runs of older versions, which cannot be repeated from their folder. */
  readonly recipe?: Recipe;
  /** Present when the history was put together from repetitions of one run. */
  readonly pool?: Pool;
}

/** Repetitions of one run, laid end to end on one time axis so that all are judged as one history. */
export interface Pool {
  /** How many repetitions there may be. The series may end after any of them, and every bound pays for that. */
  readonly planned: number;
  readonly runs: readonly PooledRun[];
  /** Void repetitions prove nothing and are not in the history; why they are void. */
  readonly leftOut: readonly { readonly number: number; readonly reason: string }[];
}

/** Where the instants of one repetition lie in the pooled history. */
export interface PooledRun {
  /** Its place among all repetitions, from 1. */
  readonly number: number;
  readonly runId: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What the result rests on. */
export interface Environment {
  readonly lastcall: string;
  readonly node: string;
  readonly platform: string;
  readonly cluster: string;
  readonly kubernetes: string;
  /** How the load reached the Service: `NodePort on 3 nodes`. Absent in runs of older versions. */
  readonly reached?: string;
  readonly images: readonly string[];
  /** The cluster and its pods run on the machine of the harness, among whatever else runs there. */
  readonly sharesMachine?: true;
  readonly commit?: string;
  /** By which the disruptions were drawn; absent where none were. */
  readonly seed?: number;
}

/** Written when the run has ended. A history without it broke off, and is void. */
export interface HistoryClosing {
  readonly phases: readonly Phase[];
  readonly streams: readonly StreamAccount[];
  /** Of a load from inside the cluster; absent when this machine offered it. */
  readonly workers?: readonly LoadWorker[];
  /** Why the run broke off before its end; absent when it ran to the end. */
  readonly brokenOff?: string;
}

/** The sums of one stream; `scheduled = ok + failed + indeterminate + undelivered` or the run is void. */
export interface StreamAccount {
  readonly stream: string;
  readonly scheduled: number;
  readonly ok: number;
  readonly failed: number;
  readonly indeterminate: number;
  readonly undelivered: number;
  readonly late: number;
  /** The longest time the generator's own event loop was late. */
  readonly worstLoopDelayMs: number;
  /** Failures of the generator itself (EMFILE, EADDRNOTAVAIL); any of them voids the run. */
  readonly harnessFailures: readonly string[];
}
