import type { TimelineFacts } from "#domain/report.ts";

/** The one time axis that lanes and charts share. Positions are percent, so that CSS can zoom them. */
export interface TimeScale {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Clamped to the axis: what began before it is drawn from its edge. */
  percent(atMs: number): number;
}

/** From the first request to the end of the draining; set-up and audit have no load to show. */
export function timeScaleOf(report: TimelineFacts): TimeScale {
  const phases = report.closing.phases.filter(({ name }) => LOADED.has(name));
  const instants = [
    ...phases.flatMap(({ startedAtMs, endedAtMs }) => [startedAtMs, endedAtMs ?? startedAtMs]),
    ...report.marks.map(({ atMs }) => atMs),
    ...report.terminations.flatMap(({ deletionRequestedAtMs, goneAtMs }) => [
      deletionRequestedAtMs,
      goneAtMs ?? deletionRequestedAtMs,
    ]),
    ...report.series.flatMap(({ atMs }) => [atMs, atMs + report.seriesBucketMs]),
  ];
  const { least, greatest } = extent(instants);
  return timeScale(least, greatest);
}

/** A scale between two instants; an empty span is given a second, so that nothing divides by zero. */
export function timeScale(fromMs: number, untilMs: number): TimeScale {
  const end = untilMs > fromMs ? untilMs : fromMs + 1000;
  const length = end - fromMs;
  return {
    fromMs,
    untilMs: end,
    percent: (atMs) => (100 * (Math.min(end, Math.max(fromMs, atMs)) - fromMs)) / length,
  };
}

/** Instants at round distances, at most `count` of them. */
export function ticksOf({ fromMs, untilMs }: TimeScale, count: number): readonly number[] {
  const step = STEPS_MS.find((ms) => (untilMs - fromMs) / ms <= count) ?? untilMs - fromMs;
  const first = Math.ceil(fromMs / step);
  const last = Math.floor(untilMs / step);
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, index) => (first + index) * step,
  );
}

/** The label of a tick: `12 s`, and `2:05` once a run has minutes. */
export function tickLabel(atMs: number, { untilMs }: TimeScale): string {
  const seconds = atMs / 1000;
  if (untilMs < 120_000) return `${seconds} s`;
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** The CSS text of a position, fine enough for a sixty-fourfold zoom. */
export function percentText(percent: number): string {
  return `${Number(percent.toFixed(4))}%`;
}

const LOADED: ReadonlySet<string> = new Set([
  "warm-up",
  "control",
  "disruption",
  "recovery",
  "drain",
]);

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].map((s) => s * 1000);

function extent(instants: readonly number[]): { least: number; greatest: number } {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const atMs of instants) {
    if (atMs < least) least = atMs;
    if (atMs > greatest) greatest = atMs;
  }
  return instants.length === 0 ? { least: 0, greatest: 0 } : { least, greatest };
}
