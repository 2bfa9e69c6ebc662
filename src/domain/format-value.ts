import { type MetricName, metricOf } from "./metric.ts";

/** A measured value as people write it: `0.013 %`, `312 ms`, `1.31 s`, `4`. */
export function formatValue(metric: MetricName, value: number): string {
  switch (metricOf(metric).unit) {
    case "ratio":
      return formatRatio(value);
    case "ms":
      return value < 1000 ? `${Math.round(value)} ms` : `${trimZeros((value / 1000).toFixed(2))} s`;
    case "count":
      return trimZeros(value.toFixed(2));
  }
}

/** Three significant digits below 1 %, so that a bound of 0.0096 % does not read as 0. */
function formatRatio(value: number): string {
  const percent = value * 100;
  if (percent === 0 || percent >= 1) return `${trimZeros(percent.toFixed(2))} %`;
  return `${trimZeros(percent.toFixed(Math.max(2, 2 - Math.floor(Math.log10(percent)) - 1)))} %`;
}

function trimZeros(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
