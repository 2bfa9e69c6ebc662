import { relative } from "node:path";
import { UsageError } from "#domain/errors.ts";

/** One thing that is wrong in a file of the user's, at its place. `sentence` begins with what is wrong. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly sentence: string;
}

/** All problems in one error, file by file and line by line. */
export function describeProblems(
  code: string,
  problems: readonly Problem[],
  hint: string,
): UsageError {
  const lines = Object.values(Object.groupBy(problems, ({ file }) => file))
    .flatMap((group = []) => group.toSorted((a, b) => a.line - b.line))
    .map(({ file, line, sentence }) => `${shownPath(file)}:${line}: ${sentence}`);
  const message =
    lines.length === 1 ? lines[0] : `${lines.length} problems:\n  ${lines.join("\n  ")}`;
  return new UsageError(code, message ?? "", { hint });
}

/** A path as the user would write it: from the current folder when it lies below it. */
export function shownPath(path: string): string {
  const shown = relative(process.cwd(), path);
  return shown === "" || shown.startsWith("..") ? path : shown;
}
