import type { Report } from "#domain/report.ts";
import { wasDroppedBy } from "./dropped-connections.ts";
import type { Failure } from "./failure.ts";
import { forcedExit, graceEndsAtMs, type Leaving, sigtermOrDeletionMs } from "./leaving.ts";
import { loadSpanAt } from "./load-span.ts";

/** A container that SIGKILL ended, and what the pod was doing between SIGTERM and then. */
export interface ForcedKill {
  readonly leaving: Leaving;
  readonly container: string;
  readonly killedAtMs: number;
  /** What the kill cost, whether it was in flight since before SIGTERM or taken on later. */
  readonly lost: readonly Failure[];
  /** Those of them that had been sent before the pod could have turned them away. */
  readonly tooLong: readonly Failure[];
  /** The last request that it answered long after SIGTERM: it went on as if nothing had been said. */
  readonly servedLateAtMs?: number;
  /** SIGTERM had an effect: it closed its listener or its connections, or told its clients. */
  readonly wasDraining: boolean;
  /** It dropped long-lived connections, which a process that does not heed SIGTERM keeps until it is killed. */
  readonly droppedConnections: boolean;
}

/** The end of the grace may be seen a little early, as its beginning was seen late. */
const SLACK_MS = 500;

/** Requests that came within this time of SIGTERM are no sign that it was ignored. */
const STILL_ARRIVING_MS = 1_000;

/** Every container that was killed because its grace ran out. */
export function findForcedKills(
  report: Report,
  leavings: readonly Leaving[],
  failures: readonly Failure[],
): readonly ForcedKill[] {
  const keptEveryMs = keptIntervalMs(report);
  return leavings.flatMap((leaving): ForcedKill | readonly [] => {
    const exit = forcedExit(leaving);
    if (exit === undefined) return [];
    const graceEndMs = graceEndsAtMs(leaving);
    const killedAtMs = Math.min(leaving.termination.exitedAtMs ?? graceEndMs, graceEndMs + 2_000);
    const sigtermAtMs = sigtermOrDeletionMs(leaving);
    const own = failures.filter((failure) => failure.leaving === leaving);
    const lost = own.filter(({ endedAtMs }) => endedAtMs >= graceEndMs - SLACK_MS);
    const servedAtMs = lastRequestAtMs(leaving);
    // Where the load ended before the pod did, nothing could be served after that.
    const askedUntilMs = Math.min(
      killedAtMs,
      loadSpanAt(report, sigtermAtMs)?.untilMs ?? killedAtMs,
    );
    const askedMs = askedUntilMs - sigtermAtMs;
    const silenceMs = Math.max(1_000, 0.25 * askedMs, 2 * keptEveryMs);
    const servedLate = servedAtMs !== undefined && servedAtMs >= askedUntilMs - silenceMs;
    const closedKept =
      leaving.lane?.lastReusedRequestAtMs !== undefined && !servedLate && askedMs > silenceMs;
    return {
      leaving,
      container: exit.container,
      killedAtMs,
      lost,
      tooLong: lost.filter(
        ({ kind, sentAtMs }) => kind !== "refused" && sentAtMs <= sigtermAtMs + STILL_ARRIVING_MS,
      ),
      ...(servedLate && servedAtMs > sigtermAtMs + silenceMs && { servedLateAtMs: servedAtMs }),
      droppedConnections: (report.connections ?? []).some((held) => wasDroppedBy(leaving, held)),
      wasDraining:
        closedKept ||
        own.some(
          ({ kind, endedAtMs }) =>
            (kind === "refused" || kind === "error-answer") &&
            endedAtMs > sigtermAtMs + 100 &&
            endedAtMs < graceEndMs - SLACK_MS,
        ),
    };
  });
}

/** How often each kept connection carries a request; they are used in turn. */
function keptIntervalMs({ header }: Report): number {
  const intervals = header.load.map((stream) =>
    stream.type === "reused"
      ? (1000 * stream.connections) / stream.arrival.perSecond
      : Number.POSITIVE_INFINITY,
  );
  return Math.min(...intervals);
}

function lastRequestAtMs({ lane }: Leaving): number | undefined {
  const { lastNewConnectionAtMs, lastReusedRequestAtMs } = lane ?? {};
  const known = [lastNewConnectionAtMs, lastReusedRequestAtMs].filter((atMs) => atMs !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** `web-1/app: killed 10.02 s after T0` */
export function describeKill({ leaving, container, killedAtMs }: ForcedKill): string {
  const { pod, deletionRequestedAtMs } = leaving.termination;
  const seconds = ((killedAtMs - deletionRequestedAtMs) / 1000).toFixed(2);
  return `${pod}/${container}: killed ${seconds} s after T0`;
}
