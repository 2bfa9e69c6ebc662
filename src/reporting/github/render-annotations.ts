import type { Report } from "#domain/report.ts";
import { visibleLine } from "#reporting/visible-text.ts";

/** Where a reader of the pull request should see it: the feature's line, counted from 1. */
export interface FeaturePlace {
  readonly file: string;
  readonly line: number;
}

/**
 * Workflow commands for GitHub Actions, one for each promise that was not kept: a broken one is an error, an
 * unanswered one a warning. Written to the job's output they become annotations of the feature's line.
 */
export function renderAnnotations(report: Report, place: FeaturePlace): string {
  return report.results
    .filter(({ verdict }) => verdict !== "pass")
    .map(({ threshold, verdict, because, measurement }) => {
      const level = verdict === "fail" ? "error" : "warning";
      const title = `${report.header.scenario}: ${measurement.metric} ${threshold.text}`;
      const where = `file=${property(place.file)},line=${place.line},title=${property(title)}`;
      // What broke one promise does not explain why another was not answered.
      const fix = verdict === "fail" ? firstFix(report) : "";
      return `::${level} ${where}::${message(`${because}${fix}`)}\n`;
    })
    .join("");
}

function firstFix({ advice }: Report): string {
  const [first] = advice.filter(({ hint }) => hint !== true);
  return first === undefined ? "" : ` ${first.cause}: ${first.fix}`;
}

/** A line end would end the command, and what follows could be another one. */
function message(text: string): string {
  return visibleLine(text).replaceAll("%", "%25");
}

function property(text: string): string {
  return message(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
