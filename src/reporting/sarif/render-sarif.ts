import type { Advice, Report } from "#domain/report.ts";
import { describeEvidence } from "#reporting/describe-evidence.ts";
import { visibleText } from "#reporting/visible-text.ts";

/**
 * The advice as SARIF 2.1.0, for code scanning: a cause is a rule, and what was found of it a result.
 *
 * `scenario` is the file that the workload's manifests belong to, as a path from the repository; without it
 * a result has no place, and only viewers that need none show it.
 */
export function renderSarif(report: Report, scenario: string | undefined): string {
  const { advice, header } = report;
  const rules = [...new Map(advice.map((each) => [each.cause, each])).values()];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Lastcall",
            version: header.environment.lastcall,
            rules: rules.map(rule),
          },
        },
        automationDetails: { id: `lastcall/${header.scenario}/${header.runId}` },
        results: advice.map((each) => result(each, scenario)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function rule({ cause, fix }: Advice) {
  return { id: cause, shortDescription: { text: cause }, help: { text: visibleText(fix) } };
}

/** A setting that cost nothing yet is a note; whatever lost something is an error. */
function result(advice: Advice, scenario: string | undefined) {
  const { cause, explanation, fix, patch, hint } = advice;
  const parts = [explanation, describeEvidence(advice), fix, patch ?? ""];
  return {
    ruleId: cause,
    level: hint === true ? "note" : "error",
    message: { text: visibleText(parts.filter((part) => part !== "").join("\n\n")) },
    ...(scenario !== undefined && {
      locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(scenario) } } }],
    }),
  };
}
