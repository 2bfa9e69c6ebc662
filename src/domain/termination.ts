/**
 * One pod's leaving, rebuilt from what the cluster said.
 *
 *   T0 deletion requested ──► T2 endpoint not ready ──► (preStop) ──► SIGTERM ──► T7 exit ──► T8 object gone
 *
 * Instants are arrivals at this process. T0 is the sending of our own delete where we made it, else the
 * first sight of `deletionTimestamp`; `t0UncertaintyMs` says how far before that the request may lie.
 */
export interface Termination {
  readonly pod: string;
  readonly uid: string;
  readonly node?: string;
  readonly ip?: string;
  readonly revision?: string;
  readonly deletionRequestedAtMs: number;
  readonly t0UncertaintyMs: number;
  readonly gracePeriodSeconds: number;
  readonly preStopSleepSeconds?: number;
  /** First EndpointSlice in which the pod is listed as not ready, or is no longer listed. */
  readonly endpointNotReadyAtMs?: number;
  /** All containers seen terminated. */
  readonly exitedAtMs?: number;
  readonly exits: readonly ContainerExit[];
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
