import type { NamedTrace } from "./compare-objects.ts";
import { type Difference, differ, differInOrder } from "./difference.ts";

/**
 * The action's exit code and output. Progress lines of `kubectl rollout status` tell how a controller's
 * writes were met, so the two need only be of the same kinds, and the counts in them are compared where
 * the objects are. Everything else is compared line by line, without what kubectl's version adds to it.
 */
export function compareAction(expected: NamedTrace, seen: NamedTrace): readonly Difference[] {
  const [wanted, found] = [outputOf(expected), outputOf(seen)];
  const { exitCode } = expected.trace.action;
  return [
    ...differ("Action: exit code", `${exitCode}`, `${seen.trace.action.exitCode}`),
    ...differInOrder("Action: output", wanted.results, found.results),
    ...[...found.progress]
      .filter((kind) => !wanted.progress.has(kind) && !PASSING.test(kind))
      .map((kind) => ({ where: "Action: progress", expected: "no such line", seen: kind })),
  ];
}

/** Said only when kubectl looked before the controller did. */
const PASSING = /spec update to be observed/;

interface Output {
  readonly results: readonly string[];
  readonly progress: ReadonlySet<string>;
}

function outputOf({ trace, roles }: NamedTrace): Output {
  const lines = roles
    .withoutChance(withoutVersion(trace.action.stdout))
    .split("\n")
    .filter((line) => line.trim() !== "");
  const isProgress = (line: string) => line.startsWith("Waiting for");
  return {
    results: lines.filter((line) => !isProgress(line)),
    progress: new Set(lines.filter(isProgress).map((line) => line.replace(/\d+/g, "N"))),
  };
}

/**
 * What kubectl's own version, not the cluster, puts into its output: the namespace in `deleted from …`
 * (1.34), and how its log frames a response: only the body is the server's.
 */
function withoutVersion(stdout: string): string {
  return stdout
    .replace(/ from \S+ namespace$/gm, "")
    .replace(/^I\d{4} [^\n]*Response Status[^\n]*\n/gm, "")
    .replace(/^I\d{4} [^\n]*Response Body: /gm, "")
    .replace(/^I\d{4} [^\n]*"Response Body" body=<\n\s*/gm, "");
}
