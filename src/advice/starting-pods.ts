import type { PodLane, Report } from "#domain/report.ts";
import { loadSpanAt } from "./load-span.ts";

/** A pod that became ready under load, and how long it took from then to its first answer. */
export interface StartingPod {
  readonly lane: PodLane;
  readonly readyAtMs: number;
  /** Infinite when it never named itself in an answer. */
  readonly firstAnswerAtMs: number;
  /** Undefined where the history does not tell. */
  readonly hasReadinessProbe?: boolean;
}

/** Where a pod is answered for by nobody for longer than this, its readiness promised too much. */
const LATE_ANSWER_MS = 500;

/** New pods that were ready and did not answer, for longer than their share of the load explains. */
export function findLateStarters(report: Report): readonly StartingPod[] {
  const toleratedMs = Math.max(LATE_ANSWER_MS, 5 * arrivalIntervalMs(report));
  return findNewPods(report).filter(
    ({ firstAnswerAtMs, readyAtMs }) => firstAnswerAtMs - readyAtMs > toleratedMs,
  );
}

/** The pods that became ready while load was offered. */
export function findNewPods(report: Report): readonly StartingPod[] {
  return report.lanes.flatMap((lane) => {
    const { readyAtMs, firstAnswerAtMs = Number.POSITIVE_INFINITY, setup } = lane;
    if (readyAtMs === undefined || loadSpanAt(report, readyAtMs) === undefined) return [];
    const regular = setup?.containers.filter(({ sidecar }) => !sidecar);
    return {
      lane,
      readyAtMs,
      firstAnswerAtMs,
      ...(regular !== undefined && {
        hasReadinessProbe: regular.some(({ readinessProbe }) => readinessProbe !== undefined),
      }),
    };
  });
}

/** How often one of the pods gets a new connection, on average; kept ones do not go to new pods. */
function arrivalIntervalMs({ header, lanes }: Report): number {
  const perSecond = header.load.reduce(
    (sum, { type, arrival }) =>
      sum + (type === "reused" || type === "websocket" ? 0 : arrival.perSecond),
    0,
  );
  const pods = lanes.filter(({ termination }) => termination === undefined).length;
  return perSecond === 0 ? Number.POSITIVE_INFINITY : (1000 * Math.max(1, pods)) / perSecond;
}
