import type { PodLane, Report } from "#domain/report.ts";
import { loadSpanAt } from "./load-span.ts";

/** A pod that nobody was replacing, and that went from ready to not ready under load. */
export interface LostReadiness {
  readonly pod: string;
  readonly atMs: number;
  /** What the kubelet said of its probe at about that time. */
  readonly warning?: string;
}

/** A warning is heard before the last failure counts, and the API's news take their time. */
const HEARD_WITHIN_MS = 2_000;

/** Pods that were taken out of the Service though nobody had asked them to leave. */
export function findLostReadiness(report: Report): readonly LostReadiness[] {
  return report.lanes.flatMap((lane): LostReadiness | readonly [] => {
    const atMs = lostReadinessAtMs(lane, report);
    if (atMs === undefined) return [];
    const warning = lane.warnings?.find(
      ({ reason, firstAtMs, lastAtMs }) =>
        reason === "Unhealthy" &&
        firstAtMs <= atMs + HEARD_WITHIN_MS &&
        lastAtMs >= atMs - HEARD_WITHIN_MS,
    );
    return { pod: lane.pod, atMs, ...(warning !== undefined && { warning: warning.message }) };
  });
}

function lostReadinessAtMs({ endpoint, termination }: PodLane, report: Report): number | undefined {
  const untilMs = termination?.deletionRequestedAtMs ?? Number.POSITIVE_INFINITY;
  return endpoint.find(
    ({ atMs, state }, index) =>
      state === "not-ready" &&
      endpoint[index - 1]?.state === "ready" &&
      atMs < untilMs &&
      loadSpanAt(report, atMs) !== undefined,
  )?.atMs;
}
