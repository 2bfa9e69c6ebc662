import type { VantageSight } from "./vantage-point.ts";

/**
 * One pod's leaving, rebuilt from what the cluster said and what the load met.
 *
 *   T0 deletion requested ──► T1 seen ──► T2 endpoint not ready ──► (preStop) ──► T3 SIGTERM
 *     ──► T4 last new connection ──► T5 last request ──► T6 last answer ──► T7 exit ──► T8 object gone
 *
 * What the cluster said is stamped on arrival, so the true instant lies before; what the load met is
 * stamped where the load is. T0 is the sending of our own delete where we made it, else the first sight
 * of `deletionTimestamp`. How far off an instant may be stands beside it; an absent uncertainty is one
 * that the history does not tell. docs/verdicts.md says how each is known.
 */
export interface Termination {
  readonly pod: string;
  readonly uid: string;
  readonly node?: string;
  readonly ip?: string;
  readonly revision?: string;
  /** T0. */
  readonly deletionRequestedAtMs: number;
  /** How far before `deletionRequestedAtMs` the request may have been accepted. */
  readonly t0UncertaintyMs: number;
  /** T1: the first arrival of the pod with a `deletionTimestamp`. */
  readonly deletionSeenAtMs?: number;
  readonly gracePeriodSeconds: number;
  readonly preStopSleepSeconds?: number;
  /** T2: the first EndpointSlice in which the pod is listed as not ready, or is no longer listed. */
  readonly endpointNotReadyAtMs?: number;
  /** How far before its arrival the change of the slice may have been made. */
  readonly t2UncertaintyMs?: number;
  /** Its address was listed as ready and never left the list: new connections are still sent there. */
  readonly neverDelisted?: boolean;
  /** A slice listed its address as ready and terminating at once, as a Service does that publishes whoever is not ready. */
  readonly readyWhileTerminating?: boolean;
  /** A disruption of ours killed it without a word before: no SIGTERM came, and no preStop ran. */
  readonly killedOutright?: "SIGKILL" | "machine-lost";
  /** A signal ended its container, which was started again in the same pod: what comes later is another life's. */
  readonly comesBack?: boolean;
  /** T3, inferred: the API does not show it. */
  readonly sigtermAtMs?: number;
  /** Requests in flight at T3 that named the pod, or whose connection had; absent when none ever names one. */
  readonly inFlightAtSigterm?: number;
  /** T4: the last new connection that reached the pod after T0. */
  readonly lastNewConnectionAtMs?: number;
  /** How far after the last one the pod may still have been in the choice for new connections, at 95 %. */
  readonly t4UncertaintyMs?: number;
  /** T4 once more by who opened the connections, the longest first; absent where all came from one point. */
  readonly vantages?: readonly VantageSight[];
  /** T5 on kept connections: when the last request was sent that the pod answered. */
  readonly lastReusedRequestAtMs?: number;
  /** T6: when the last answer of the pod had arrived. */
  readonly lastAnswerAtMs?: number;
  /** T7: all containers seen terminated. */
  readonly exitedAtMs?: number;
  /** How far before its arrival the exit may lie: no further back than the pod's last answer. */
  readonly t7UncertaintyMs?: number;
  readonly exits: readonly ContainerExit[];
  /** T8. */
  readonly goneAtMs?: number;
}

/** `forced` is SIGKILL because the grace ran out; an OOM kill or a lost container is not. */
export interface ContainerExit {
  readonly container: string;
  readonly exitCode: number;
  readonly reason?: string;
  readonly forced: boolean;
  /** Kubernetes' own time, to the second: enough to tell which container of a pod stopped first. */
  readonly finishedAt?: string;
}

/** A span of time in which a pod's leaving can be felt; rates are judged over these. */
export interface ExposureWindow {
  readonly pod: string;
  readonly fromMs: number;
  readonly untilMs: number;
}
