import type { NamedTrace } from "./compare-objects.ts";
import { type Difference, differ, differInOrder } from "./difference.ts";

/**
 * The action's exit code and output, line by line, without what kubectl's version adds. The progress that
 * `kubectl rollout status` tells is left out: it renders the counts of objects that are compared for
 * themselves, as often as it happened to look.
 */
export function compareAction(expected: NamedTrace, seen: NamedTrace): readonly Difference[] {
  const { exitCode } = expected.trace.action;
  return [
    ...differ("Action: exit code", `${exitCode}`, `${seen.trace.action.exitCode}`),
    ...differInOrder("Action: output", outputOf(expected), outputOf(seen)),
  ];
}

function outputOf({ trace, roles }: NamedTrace): readonly string[] {
  return roles
    .withoutChance(withoutVersion(trace.action.stdout))
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("Waiting for"));
}

/**
 * What kubectl's own version, not the cluster, puts into its output: the namespace in `deleted from …`
 * (1.34), and how its log frames a response, of which only the body is the server's.
 */
function withoutVersion(stdout: string): string {
  return stdout
    .replace(/ from \S+ namespace$/gm, "")
    .replace(/^I\d{4} [^\n]*Response Status[^\n]*\n/gm, "")
    .replace(/^I\d{4} [^\n]*Response Body: /gm, "")
    .replace(/^I\d{4} [^\n]*"Response Body" body=<\n\s*/gm, "")
    .replace(/^I\d{4} [^\n]*"Response Body" body=(".*")$/gm, (_, body: string) => JSON.parse(body));
}
