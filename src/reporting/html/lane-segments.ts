import type { PodLane } from "#domain/report.ts";
import type { TimeScale } from "./time-scale.ts";

/** One stretch of a pod's life. `stopping` is after SIGTERM; `exited` waits for its object to go. */
interface LaneSegment {
  readonly type: SegmentType;
  readonly fromMs: number;
  readonly untilMs: number;
}

type SegmentType =
  | "pending"
  | "starting"
  | "ready"
  | "pre-stop"
  | "terminating"
  | "stopping"
  | "exited";

/** What each stretch means, for legend and screen reader. */
export const SEGMENT_TITLE: Readonly<Record<SegmentType, string>> = {
  pending: "pending",
  starting: "starting",
  ready: "ready",
  "pre-stop": "preStop",
  terminating: "terminating, SIGTERM not known",
  stopping: "SIGTERM sent",
  exited: "exited, object not gone",
};

/**
 * The stretches of one lane within the axis. Each stage lasts until any later one begins, so a pod that
 * is deleted before it was ready never looks ready.
 */
export function laneSegments(lane: PodLane, scale: TimeScale): readonly LaneSegment[] {
  const stages = stagesOf(lane, scale);
  const goneAtMs = lane.termination?.goneAtMs ?? lane.watchedUntilMs ?? scale.untilMs;
  return stages.flatMap(({ type, atMs }, index) => {
    const later = stages.slice(index + 1).map((stage) => stage.atMs);
    const fromMs = Math.max(atMs, scale.fromMs);
    const untilMs = Math.min(goneAtMs, scale.untilMs, ...later);
    return untilMs > fromMs ? [{ type, fromMs, untilMs }] : [];
  });
}

/** What the EndpointSlices said of the pod, as spans within the axis; absence leaves a hole. */
export function endpointSpans(
  { endpoint, watchedUntilMs }: PodLane,
  scale: TimeScale,
): readonly { readonly state: EndpointState; readonly fromMs: number; readonly untilMs: number }[] {
  return endpoint.flatMap(({ atMs, state }, index) => {
    const fromMs = Math.max(atMs, scale.fromMs);
    const changedAtMs = endpoint[index + 1]?.atMs ?? watchedUntilMs ?? scale.untilMs;
    const untilMs = Math.min(changedAtMs, scale.untilMs);
    return state === "absent" || untilMs <= fromMs ? [] : [{ state, fromMs, untilMs }];
  });
}

type EndpointState = Exclude<PodLane["endpoint"][number]["state"], "absent">;

function stagesOf(lane: PodLane, scale: TimeScale) {
  const { termination, sigtermAtMs } = lane;
  const deletedAtMs = termination?.deletionRequestedAtMs;
  const readyAtMs = lane.readyAtMs ?? lane.endpoint.find(({ state }) => state === "ready")?.atMs;
  // A pod that was there before the run is taken to have been up, unless a later stage says otherwise.
  const before = lane.createdAtMs === undefined && lane.startedAtMs === undefined;
  return [
    stage(
      before && readyAtMs === undefined ? "ready" : "pending",
      lane.createdAtMs ?? scale.fromMs,
    ),
    stage("starting", lane.startedAtMs),
    stage("ready", readyAtMs),
    stage(sigtermAtMs === undefined ? "terminating" : "pre-stop", deletedAtMs),
    stage("stopping", sigtermAtMs),
    stage("exited", termination?.exitedAtMs),
  ].flat();
}

function stage(type: SegmentType, atMs: number | undefined) {
  return atMs === undefined ? [] : [{ type, atMs }];
}
