import { isCertain } from "#domain/certain-answer.ts";
import type { Report } from "#domain/report.ts";

/** A series of repetitions of one run. */
export interface Series {
  /** The folder of the first, which has been run. */
  readonly first: string;
  /** How many there may be in all. */
  readonly planned: number;
  /** Runs once more, from a fresh workload; returns the folder. */
  again(): Promise<string>;
  /** Judges all runs so far as one. */
  judge(runs: readonly string[]): Promise<Report>;
  /** Told after each repetition that did not settle the question and is followed by another. */
  onUndecided(report: Report, done: number): void;
}

/** Repeats a run until its answer is certain or all repetitions are spent; the last report is the answer. */
export async function repeatUntilCertain(series: Series): Promise<Report> {
  const runs = [series.first];
  for (;;) {
    const report = await series.judge(runs);
    if (runs.length >= series.planned || isCertain(report)) return report;
    series.onUndecided(report, runs.length);
    runs.push(await series.again());
  }
}
