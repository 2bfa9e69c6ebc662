import type { Span } from "#domain/exposure-windows.ts";
import type { Report } from "#domain/report.ts";

/** When steady load was offered: from each control phase to the end of the recovery after it. */
export function loadSpans({ closing }: Report): readonly Span[] {
  const spans: Span[] = [];
  let fromMs: number | undefined;
  for (const { name, startedAtMs, endedAtMs } of closing.phases) {
    if (name === "control") fromMs = startedAtMs;
    if (name !== "recovery") continue;
    const untilMs = endedAtMs ?? Number.POSITIVE_INFINITY;
    if (fromMs !== undefined) spans.push({ fromMs, untilMs });
    fromMs = undefined;
  }
  // A run that broke off has no recovery.
  return fromMs === undefined ? spans : [...spans, { fromMs, untilMs: Number.POSITIVE_INFINITY }];
}

/** The span of load that an instant lies in. */
export function loadSpanAt(report: Report, atMs: number): Span | undefined {
  return loadSpans(report).find(({ fromMs, untilMs }) => atMs >= fromMs && atMs <= untilMs);
}
