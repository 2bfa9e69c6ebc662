import type { FailureMark, PodLane } from "#domain/report.ts";
import type { TimeScale } from "./time-scale.ts";

/** Failures so close together on one lane that they are drawn as one mark; never empty, in order. */
export interface MarkBundle {
  /** The lane's place in the report; absent when no pod could be blamed. */
  readonly lane?: number;
  readonly first: FailureMark;
  readonly marks: readonly FailureMark[];
}

/**
 * Every mark, in as few elements as a page can carry. Only failures of the same lane, stream and reason
 * are bundled, so that a filter shows or hides whole bundles and none is hidden behind another.
 */
export function bundleMarks(
  marks: readonly FailureMark[],
  { lanes, scale }: { readonly lanes: readonly PodLane[]; readonly scale: TimeScale },
): readonly MarkBundle[] {
  const placed = marks
    .map((mark) => ({ mark, lane: laneOf(mark, lanes) }))
    .toSorted((a, b) => a.mark.atMs - b.mark.atMs);
  for (const bins of RESOLUTIONS) {
    const bundles = bundleAt(placed, scale, bins);
    if (bundles.length <= MARK_LIMIT) return bundles;
  }
  return bundleAt(placed, scale, 1);
}

/** Keeps the page below 3 MB however many requests failed. */
export const MARK_LIMIT = 2000;
const RESOLUTIONS = [20_000, 4_000, 1_000, 400, 100, 40, 20, 10, 5, 2];

interface PlacedMark {
  readonly mark: FailureMark;
  readonly lane: number | undefined;
}

function bundleAt(
  placed: readonly PlacedMark[],
  scale: TimeScale,
  bins: number,
): readonly MarkBundle[] {
  const bundles = new Map<string, { lane: number | undefined; marks: FailureMark[] }>();
  for (const { mark, lane } of placed) {
    const bin = Math.floor((scale.percent(mark.atMs) / 100) * bins);
    const key = JSON.stringify([lane, mark.stream, mark.reason, bin]);
    const known = bundles.get(key);
    if (known === undefined) bundles.set(key, { lane, marks: [mark] });
    else known.marks.push(mark);
  }
  return [...bundles.values()].flatMap(({ lane, marks }) => {
    const first = marks[0];
    return first === undefined ? [] : [{ ...(lane !== undefined && { lane }), first, marks }];
  });
}

/** A StatefulSet reuses names: of the lanes with this name, the last one created before the failure. */
function laneOf({ pod, atMs }: FailureMark, lanes: readonly PodLane[]): number | undefined {
  if (pod === undefined) return undefined;
  const named = lanes.flatMap((lane, index) => (lane.pod === pod ? [{ lane, index }] : []));
  const alive = named.findLast(({ lane }) => (lane.createdAtMs ?? 0) <= atMs);
  return (alive ?? named[0])?.index;
}
