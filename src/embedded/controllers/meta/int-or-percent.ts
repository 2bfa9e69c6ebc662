import type { IntOrString } from "#embedded/api/objects.ts";

/** `3` stays 3; `"25%"` of a total is rounded up or down, as the field that it stands in says. */
export function intOrPercent(value: IntOrString, total: number, rounding: "up" | "down"): number {
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined) return Number.parseInt(value, 10) || 0;
  const exact = (Number(percent) * total) / 100;
  return rounding === "up" ? Math.ceil(exact) : Math.floor(exact);
}
