import type { AdviceEvidence } from "#domain/report.ts";
import type { Clues } from "./clues.ts";
import type { Failure } from "./failure.ts";

/** How many cases of evidence are put into words. */
const EXAMPLES = 3;

/** Ready-made servers cannot be changed, but most of them drain when they are asked by another signal. */
export const OTHER_SIGNAL =
  "Ready-made servers may want another STOPSIGNAL: SIGQUIT for nginx, SIGUSR1 for HAProxy.";

/** `1.31 s`, `84 ms`. */
export function time(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${trim((ms / 1000).toFixed(2))} s`;
}

/** `3 pods`, `1 pod`. */
export function several(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

/** `12 requests`, and `at least 12 requests` where the report holds an extract of the failures. */
export function countOf(failures: readonly Failure[], noun: string, { report }: Clues): string {
  const all = report.closing.streams.reduce(
    (sum, { failed, indeterminate }) => sum + failed + indeterminate,
    0,
  );
  const prefix = failures.length > 0 && all > report.marks.length ? "at least " : "";
  return prefix + several(failures.length, noun);
}

/** The failures as evidence, the first of them in words. */
export function evidenceOf(failures: readonly Failure[]): AdviceEvidence {
  const examples = failures.slice(0, EXAMPLES).map(describeFailure);
  return { total: failures.length, examples };
}

/** Cases that are no requests: pods, transactions, containers. */
export function casesOf(cases: readonly string[], total = cases.length): AdviceEvidence {
  return { total, examples: cases.slice(0, EXAMPLES) };
}

function describeFailure({ mark }: Failure): string {
  const { stream, seq, atMs, reason, status, pod, attribution, phase } = mark;
  const what = status === undefined ? reason : `${reason} ${status}`;
  const where = [
    ...(pod === undefined ? [] : [`${pod} (${attribution})`]),
    ...(phase === undefined ? [] : [phase]),
  ];
  const at = `${stream} #${seq} at ${(atMs / 1000).toFixed(2)} s: ${what}`;
  return where.length === 0 ? at : `${at}, ${where.join(", ")}`;
}

function trim(decimal: string): string {
  return decimal.replace(/\.?0+$/, "");
}
