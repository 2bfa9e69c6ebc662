import type { Report } from "#domain/report.ts";

/** How long the run took from its first phase to its last. */
export function runLengthMs({ closing }: Report): number {
  return Math.max(
    0,
    ...closing.phases.map(({ endedAtMs, startedAtMs }) => endedAtMs ?? startedAtMs),
  );
}

/** Every request that was not answered as expected, drawn on the timeline or not. */
export function failureCount({ closing }: Pick<Report, "closing">): number {
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

/** Which repetitions were judged as one, and why others were not; nothing for a single run. */
export function describePool({ header: { pool } }: Report): readonly string[] {
  if (pool === undefined) return [];
  const { planned, runs, leftOut } = pool;
  const done = runs.length + leftOut.length;
  return [
    `Judged as one: ${runs.length} of ${done} ${done === 1 ? "run" : "runs"}, of at most ${planned}.`,
    ...leftOut.map(
      ({ number, reason }) => `Run ${number} proves nothing and is not counted: ${reason}`,
    ),
  ];
}

/** `Deployment shop/shop`. */
export function describeWorkload({ header }: Report): string {
  const { kind, namespace, name } = header.workload;
  return `${kind} ${namespace}/${name}`;
}
