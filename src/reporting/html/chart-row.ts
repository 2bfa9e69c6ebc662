import { html, type Markup } from "./markup.ts";
import { percentText } from "./time-scale.ts";

/** A chart on the common axis: its name and heights at the left, a drawing of 1000 by 100 beside them. */
export function chartRow({
  type,
  title,
  heights,
  description,
  drawing,
}: {
  readonly type: "rate" | "failed" | "in-flight" | "latency";
  readonly title: string;
  /** Labels of the vertical axis, in percent from the top. */
  readonly heights: readonly { readonly percent: number; readonly text: string }[];
  /** What a reader who cannot see it is told. */
  readonly description: string;
  readonly drawing: Markup;
}): Markup {
  const labels = heights.map(
    ({ percent, text }) =>
      html`<span class="tick-y" style="top:${percentText(percent)}">${text}</span>`,
  );
  return html`<div class="row chart ${type}">
<div class="label">${title}${labels}</div>
<div class="plot"><svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img"
 aria-label="${description}">${drawing}</svg></div>
</div>`;
}
