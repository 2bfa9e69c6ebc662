import type { Metric } from "#domain/metric.ts";

type Unit = Metric["unit"];

/**
 * A number in its base unit, as people read it.
 *
 * Rounding never tells a lie that matters: a share is shown as 0 % or 100 % only when it is, and a
 * value that differs from `apartFrom` (its limit) is given the digits that show the difference.
 */
export function formatQuantity(unit: Unit, value: number, apartFrom?: number): string {
  const texts = [3, 4, 5, 6, 7, 8, 9].map((digits) => ({
    own: write(unit, value, digits),
    limit: apartFrom === undefined ? undefined : write(unit, apartFrom, digits),
  }));
  const told = value === apartFrom ? undefined : texts.find(({ own, limit }) => own !== limit);
  return (told ?? texts[0])?.own ?? String(value);
}

/** A length of time: `240 ms`, `1.24 s`, `2 min 4 s`. */
export function formatDuration(ms: number): string {
  return write("ms", ms, 3);
}

/** An instant of the run, to the millisecond: `12.346 s`. */
export function formatInstant(atMs: number): string {
  return `${(atMs / 1000).toFixed(3)} s`;
}

/** The minute of a date as programs write it, which is that of Greenwich: `2026-11-24 10:00 UTC`. */
export function formatMinute(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}

/** A whole number with its thousands apart: `31,200`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** The confidence bound with the side on which the truth lies: `≤ 0.42 %`. */
export function formatBound(metric: Metric, bound: number): string {
  return `${metric.better === "lower" ? "≤" : "≥"} ${formatQuantity(metric.unit, bound)}`;
}

function write(unit: Unit, value: number, digits: number): string {
  switch (unit) {
    case "ratio":
      return `${writePercent(value * 100, digits)} %`;
    case "ms":
      return writeDuration(value, digits);
    case "count":
      return value.toLocaleString("en-US", { maximumSignificantDigits: Math.max(digits, 15) });
  }
}

/** The digits count from the nearer of 0 and 100: 99.9712 must not become 100. */
function writePercent(percent: number, digits: number): string {
  const distance = Math.min(Math.abs(percent), Math.abs(100 - percent));
  return trim(percent.toFixed(decimalsFor(distance, digits)));
}

function writeDuration(ms: number, digits: number): string {
  if (Math.abs(ms) < 1000) return `${trim(ms.toFixed(decimalsFor(Math.abs(ms), digits)))} ms`;
  const seconds = ms / 1000;
  if (Math.abs(seconds) < 120) {
    return `${trim(seconds.toFixed(decimalsFor(Math.abs(seconds), digits)))} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function decimalsFor(size: number, digits: number): number {
  if (size === 0) return 0;
  return Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
}

function trim(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
