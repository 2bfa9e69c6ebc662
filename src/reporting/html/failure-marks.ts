import { labelMark } from "./describe-mark.ts";
import type { MarkBundle } from "./mark-bundles.ts";
import { html, type Markup } from "./markup.ts";
import { SLOW } from "./slow-marks.ts";
import { percentText, type TimeScale } from "./time-scale.ts";
import type { Timeline } from "./timeline.ts";

/**
 * The failures and slow answers of one lane, or those that no lane is blamed for. Only the first mark of a lane is a tab
 * stop; the arrow keys reach the others.
 */
export function failureMarks(lane: number | undefined, timeline: Timeline): Markup | undefined {
  const { bundles, scale, report } = timeline;
  const own = bundles.flatMap((bundle, index) => (bundle.lane === lane ? [{ bundle, index }] : []));
  if (own.length === 0) return undefined;
  const pod = lane === undefined ? "no known pod" : report.lanes[lane]?.pod;
  const marks = own.map(({ bundle, index }, place) =>
    mark(bundle, { index, scale, tabIndex: place === 0 ? 0 : -1 }),
  );
  return html`<div class="marks" role="group" aria-label="Failed and slow requests of ${pod}">${marks}</div>`;
}

function mark(
  bundle: MarkBundle,
  {
    index,
    scale,
    tabIndex,
  }: { readonly index: number; readonly scale: TimeScale; readonly tabIndex: number },
): Markup {
  const slow = bundle.first.reason === SLOW && " slow";
  const many = bundle.marks.length > 1 && " many";
  const from = scale.percent(bundle.first.atMs);
  // Failures that had to be bundled over a long time are drawn over all of it.
  const span = scale.percent(bundle.marks.at(-1)?.atMs ?? bundle.first.atMs) - from;
  const style = `left:${percentText(from)};width:calc(9px + ${percentText(span)})`;
  return html`<button type="button" class="mark${slow}${many}" id="mark-${index}" data-mark="${index}"
 tabindex="${tabIndex}" style="${style}" aria-label="${labelMark(bundle)}"></button>`;
}
