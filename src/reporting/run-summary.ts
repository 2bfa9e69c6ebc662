import type { Report } from "#domain/report.ts";

/** How long the run took from its first phase to its last. */
export function runLengthMs({ closing }: Report): number {
  return Math.max(
    0,
    ...closing.phases.map(({ endedAtMs, startedAtMs }) => endedAtMs ?? startedAtMs),
  );
}

/** Every request that was not answered as expected, drawn on the timeline or not. */
export function failureCount({ closing }: Report): number {
  return closing.streams.reduce(
    (sum, { failed, indeterminate }) => sum + failed + indeterminate,
    0,
  );
}

/** `2026-11-24 09:12:03 UTC`; text that is no ISO instant is shown as it is. */
export function describeStart({ header }: Report): string {
  const iso = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)[.\d]*Z$/.exec(header.startedAt);
  return iso === null ? header.startedAt : `${iso[1]} ${iso[2]} UTC`;
}

/** `Deployment shop/shop`. */
export function describeWorkload({ header }: Report): string {
  const { kind, namespace, name } = header.workload;
  return `${kind} ${namespace}/${name}`;
}
