import type { Clues } from "./clues.ts";
import type { Failure } from "./failure.ts";

/** Where pods come and go it must be this much more frequent than elsewhere to have to do with that. */
const NOTICEABLY = 3;

/** Whether failures of these kinds are as frequent at pods that neither leave nor begin. */
export function happensAnyway(own: readonly Failure[], { report, everyFailure }: Clues): boolean {
  const kinds = new Set(own.map(({ kind }) => kind));
  const elsewhere = everyFailure.filter(
    ({ kind, leaving, startingPod }) =>
      kinds.has(kind) && leaving === undefined && startingPod === undefined,
  );
  const offered = report.closing.streams.reduce((sum, { scheduled }) => sum + scheduled, 0);
  const calm = report.background.requests;
  const ownRate = own.length / Math.max(1, offered - calm);
  return ownRate <= (NOTICEABLY * elsewhere.length) / Math.max(1, calm);
}
