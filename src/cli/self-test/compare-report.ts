import type { MetricName } from "#domain/metric.ts";
import type { Report } from "#domain/report.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { Expectation, Reason } from "./expectation.ts";

/** Every way in which the report is not what the catch demands, in one sentence each; empty is right. */
export function compareReport(report: Report, expected: Expectation): readonly string[] {
  const verdict =
    report.verdict === expected.verdict
      ? []
      : [`The verdict is ${report.verdict}, not ${expected.verdict}: ${report.headline}`];
  return [
    ...verdict,
    ...expected.crossed.flatMap((metric) => compareResult(report, metric, ["fail"])),
    ...expected.kept.flatMap((metric) => compareResult(report, metric, ["pass", "inconclusive"])),
    ...expected.reasons.flatMap((reason) =>
      shows(report, reason) ? [] : [`The report does not show ${JSON.stringify(reason)}.`],
    ),
    ...compareAdvice(report, expected.advice),
  ];
}

/** The first cause is the reason that a user reads; a hint is none. */
function compareAdvice({ advice }: Report, wanted: string | undefined): readonly string[] {
  const causes = advice.filter(({ hint }) => hint !== true).map(({ cause }) => cause);
  if (causes[0] === wanted) return [];
  const named = causes.length === 0 ? "no cause" : causes.join(", then ");
  return [`The advice names ${named}, not ${wanted ?? "none"}.`];
}

function compareResult(
  report: Report,
  metric: MetricName,
  wanted: readonly Verdict[],
): readonly string[] {
  const result = report.results.find(({ threshold }) => threshold.metric === metric);
  if (result === undefined) return [`The report has no result for ${metric}.`];
  if (wanted.includes(result.verdict)) return [];
  const summary = `${result.because} (${result.measurement.summary})`;
  return [`${metric} is ${result.verdict}, not ${wanted.join(" or ")}: ${summary}`];
}

function shows(report: Report, reason: Reason): boolean {
  switch (reason.type) {
    case "exit":
      return report.terminations.some(({ exits }) =>
        exits.some(
          ({ exitCode, forced }) => exitCode === reason.exitCode && forced === reason.forced,
        ),
      );
    case "failures":
      return report.marks.some(
        (mark) =>
          mark.stream === reason.stream && reason.classes.some((one) => one === mark.reason),
      );
    case "transactions":
      return report.transactions[reason.class] > 0;
    case "audit": {
      const all = [...report.results.map(({ measurement }) => measurement), ...report.ungated];
      const audit = all.find(({ metric }) => metric === "audit-violations");
      return audit?.evidence.notes.some((note) => note.includes(reason.says)) === true;
    }
    case "doubt":
      return report.doubts.some((doubt) => doubt.includes(reason.says));
  }
}
