import type { Exchange } from "./exchange.ts";
import type { HeldConnection } from "./held-connection.ts";
import type { HistoryClosing, HistoryHeader } from "./history.ts";
import type { Measurement } from "./measurement.ts";
import type { ContainerSetup, Observation, WorkloadSnapshot } from "./observation.ts";
import type { ExposureWindow, Termination } from "./termination.ts";
import type { Threshold } from "./threshold.ts";
import type { TransactionClass } from "./transaction.ts";
import type { Verdict } from "./verdict.ts";

/** The finished story: everything a reader needs, and nothing that has to be computed again. */
export interface Report {
  readonly header: HistoryHeader;
  readonly closing: HistoryClosing;
  readonly verdict: Verdict;
  /** One sentence that a release manager can repeat. */
  readonly headline: string;
  readonly results: readonly Result[];
  /** Measured and shown, but nobody asked for a promise. */
  readonly ungated: readonly Measurement[];
  /** Facts that void or weaken the whole run; each makes the verdict at best inconclusive. */
  readonly doubts: readonly string[];
  /** Those of the doubts that void the run: it proves nothing, not even a failure. */
  readonly voids?: readonly string[];
  readonly terminations: readonly Termination[];
  readonly windows: readonly ExposureWindow[];
  readonly lanes: readonly PodLane[];
  /** What the nodes really ran, each image once; absent where they did not tell. */
  readonly images?: readonly RunningImage[];
  /** The workload as it was set up when the first pod left. */
  readonly workload?: WorkloadSnapshot;
  /** The long-lived connections of the load; absent when it had none. */
  readonly connections?: readonly HeldConnection[];
  /** The longest time without a success, of each stream that has steady arrivals. */
  readonly gaps?: readonly StreamGap[];
  readonly latencies?: readonly StreamLatency[];
  /** What containers held on to and should have let go; absent where the cluster did not tell. */
  readonly leaks?: readonly Leak[];
  /** What the harness itself did to the cluster while load flowed. */
  readonly actions: readonly Extract<Observation, { type: "action" }>[];
  readonly transactions: Readonly<Record<TransactionClass, number>>;
  /** Failures outside every exposure window: the background, which nobody's leaving explains. */
  readonly background: { readonly requests: number; readonly failures: number };
  readonly series: readonly SeriesPoint[];
  /** How long one point of `series` covers. */
  readonly seriesBucketMs: number;
  /** May be a bounded extract: the accounts in `closing` count every failure. */
  readonly marks: readonly FailureMark[];
  /** Answers that came far later than any before the disruption, the slowest of each stream. */
  readonly slow?: readonly SlowMark[];
  /** Absent in reports of old. */
  readonly attribution?: AttributionSummary;
  readonly advice: readonly Advice[];
}

/** What the timeline is drawn from: of a finished run, or of one that goes on. */
export type TimelineFacts = Pick<
  Report,
  | "header"
  | "closing"
  | "terminations"
  | "windows"
  | "lanes"
  | "actions"
  | "series"
  | "seriesBucketMs"
  | "marks"
  | "slow"
  | "attribution"
>;

/** What one container held on to. */
export interface Leak {
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  /**
   * Descriptors or processes that were there after the load and not before it; or `children`, the processes
   * besides the main one that were there when the grace ran out.
   */
  readonly of: "descriptors" | "processes" | "children";
  readonly count: number;
  /** Of the descriptors. */
  readonly sockets?: number;
  readonly atMs: number;
}

/** A name in a manifest may mean another image tomorrow; its digest may not. */
export interface RunningImage {
  readonly name: string;
  readonly id: string;
}

/** A threshold and what became of it. */
export interface Result {
  readonly threshold: Threshold;
  readonly measurement: Measurement;
  readonly verdict: Verdict;
  /** Why the verdict is what it is: `0.02 % is below 0.1 %`, or what is missing. */
  readonly because: string;
}

/** One pod's life as the timeline draws it; absent instants were not seen. */
export interface PodLane {
  readonly pod: string;
  /** Tells pods of one name apart; absent in reports of old. */
  readonly uid?: string;
  readonly node?: string;
  readonly revision?: string;
  /** Until when it could be seen, where that was not the end: its repetition's. */
  readonly watchedUntilMs?: number;
  readonly createdAtMs?: number;
  readonly startedAtMs?: number;
  readonly readyAtMs?: number;
  /** Each change of the pod's entry in the EndpointSlices; `absent` when it left them. */
  readonly endpoint: readonly {
    readonly atMs: number;
    readonly state: "ready" | "not-ready" | "terminating" | "absent";
  }[];
  readonly termination?: Termination;
  /** When SIGTERM is inferred to have been sent: T0 + preStop, where the hook is a sleep. */
  readonly sigtermAtMs?: number;
  /** The last new connection that reached the pod, where fresh connections were there to tell. */
  readonly lastNewConnectionAtMs?: number;
  /** The last request that reached it on a connection opened earlier. */
  readonly lastReusedRequestAtMs?: number;
  /** The first and the last of its answers: those that named it, and those whose connection the data path led to it. */
  readonly firstAnswerAtMs?: number;
  readonly lastAnswerAtMs?: number;
  /** When it was first seen not ready after its deletion had been requested and before its exit. */
  readonly notReadyAtMs?: number;
  readonly setup?: PodSetup;
  readonly restarts?: readonly ContainerRestart[];
  /** What the kubelet warned of, the first of each reason and message. */
  readonly warnings?: readonly PodWarning[];
}

/** What a pod's spec says about its end; a deletion may ask for another grace period. */
export interface PodSetup {
  readonly graceSeconds: number;
  readonly containers: readonly (ContainerSetup & { readonly name: string })[];
}

/** A container that began anew while the pod stayed, and how its previous incarnation had ended. */
export interface ContainerRestart {
  readonly container: string;
  readonly atMs: number;
  readonly exitCode?: number;
  readonly reason?: string;
}

/** A warning about one pod, repeated from the first to the last time it was heard. */
export interface PodWarning {
  readonly reason: string;
  readonly message: string;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** `failures` ended badly within the gap: with none, all was answered well and late. */
export interface StreamGap {
  readonly stream: string;
  readonly fromMs: number;
  readonly lengthMs: number;
  readonly failures: number;
  /** The longest that ended before the first pod left, to compare with. */
  readonly usualMs: number;
}

/** How long the answers of one stream took, from the moment each request was due; successes only. */
export interface StreamLatency {
  readonly stream: string;
  /** Before any disruption. */
  readonly control: LatencySummary;
  /** Due within an exposure window. */
  readonly exposed: LatencySummary;
  /** The same as counts, which can be added to those of other runs; absent in reports of old. */
  readonly counts?: { readonly control: LatencyCounts; readonly exposed: LatencyCounts };
  /** The same answers by the pod that gave them; empty where none named itself, absent in reports of old. */
  readonly pods?: readonly PodLatency[];
  /** The exposed ones once more, apart for each termination that had enough of them; two runs are compared by these. */
  readonly perTermination: { readonly p50Ms: readonly number[]; readonly p99Ms: readonly number[] };
}

/** What one pod answered on one stream. Without a name: all that named none, and pods beyond the first 256. */
export interface PodLatency {
  readonly pod?: string;
  readonly control: LatencySummary;
  readonly exposed: LatencySummary;
}

/** How many answers took no longer than each bound. */
export interface LatencyCounts {
  readonly sumMs: number;
  readonly upTo: readonly { readonly ms: number; readonly answers: number }[];
}

/** Only the count when there was no answer. */
export interface LatencySummary {
  readonly answers: number;
  readonly p50Ms?: number;
  readonly p90Ms?: number;
  readonly p99Ms?: number;
  readonly p999Ms?: number;
  readonly maxMs?: number;
}

/** One bucket of the charts, per stream; `atMs` is where it begins. */
export interface SeriesPoint {
  readonly stream: string;
  readonly atMs: number;
  readonly requests: number;
  readonly failures: number;
  /** How many were under way, on average over the bucket; absent while the run goes on. */
  readonly inFlight?: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
}

/** One failed exchange on the timeline, with the pod it is blamed on and how sure that is. */
export interface FailureMark {
  readonly stream: string;
  readonly seq: number;
  readonly atMs: number;
  readonly reason: string;
  readonly status?: number;
  readonly pod?: string;
  readonly attribution: Attribution;
  readonly provenBy?: ProvenBy;
  /** The data path knows that nobody took the connection at the pod's address. */
  readonly refused?: true;
  readonly phase?: string;
  /** All that was recorded of it. */
  readonly exchange?: Exchange;
}

/** A good answer that came late, by the pod that gave it. */
export interface SlowMark {
  readonly stream: string;
  readonly seq: number;
  readonly atMs: number;
  /** From the moment the request was due. */
  readonly latencyMs: number;
  readonly pod?: string;
  readonly exchange: Exchange;
}

/** `proven` is the pod's own word or the data path's, `inferred` says that no other pod was leaving then. */
export type Attribution = "proven" | "same-connection" | "inferred" | "unknown";

/** The pod named itself in its answer, or the data path tells to which pod it led the connection. */
export type ProvenBy = "answer" | "data-path";

/** How the failures of a run were placed on pods, all of them. */
export interface AttributionSummary {
  readonly failures: number;
  readonly provenByAnswer: number;
  readonly provenByDataPath: number;
  /** There was no pod that they could have met, as the data path says. */
  readonly ledToNobody: number;
  readonly sameConnection: number;
  readonly inferred: number;
  readonly unknown: number;
  /** Whether the data path was heard at all; without it a failure that got no answer proves nobody. */
  readonly dataPath: "heard" | "silent" | "not-there";
  /** Answers whose pod is not the one that the data path named, of those that both name: to be 0. */
  readonly contradicted: number;
  readonly compared: number;
}

/** A cause that explains the failures, and the change that removes it. */
export interface Advice {
  readonly cause: string;
  readonly explanation: string;
  readonly confidence: AdviceConfidence;
  readonly evidence: AdviceEvidence;
  readonly fix: string;
  /** A strategic-merge patch of the workload, as YAML, when the fix is a setting. */
  readonly patch?: string;
  /** Nothing was lost by it: a setting worth a look, never the reason for a verdict. */
  readonly hint?: true;
}

/**
 * `proven` can be read in the history, `likely` fits it better than any other known cause, `possible`
 * would explain it.
 */
export type AdviceConfidence = "proven" | "likely" | "possible";

/** How many cases speak for it, and the first few in words. */
export interface AdviceEvidence {
  readonly total: number;
  readonly examples: readonly string[];
}
