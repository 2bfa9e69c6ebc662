import { readFileSync } from "node:fs";

/**
 * Adds up test results and prints the closing line of CI: `N passed, N failed, N skipped`. Takes the JSON of
 * vitest and the JUnit XML of cucumber. A file that is missing or holds no test is a failure: a suite that did
 * not run must not look like one that passed.
 */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function countFile(path: string): Counts {
  const counts = path.endsWith(".xml") ? countJunit(read(path)) : countVitest(read(path));
  const total = counts.passed + counts.failed + counts.skipped;
  return total === 0 ? { ...counts, failed: 1 } : counts;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function countVitest(text: string): Counts {
  if (text === "") return { passed: 0, failed: 0, skipped: 0 };
  const result = JSON.parse(text) as {
    numPassedTests: number;
    numFailedTests: number;
    numFailedTestSuites: number;
    numPendingTests: number;
    numTodoTests: number;
    success: boolean;
  }; // vitest's json reporter
  const failed = Math.max(result.numFailedTests, result.success ? 0 : 1);
  return {
    passed: result.numPassedTests,
    failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function countJunit(xml: string): Counts {
  const cases = xml.match(/<testcase\b/g)?.length ?? 0;
  const failed = xml.match(/<(failure|error)\b/g)?.length ?? 0;
  const skipped = xml.match(/<skipped\b/g)?.length ?? 0;
  return { passed: cases - failed - skipped, failed, skipped };
}

if (import.meta.main) {
  const counts = process.argv.slice(2).map((path) => ({ path, ...countFile(path) }));
  for (const { path, passed, failed, skipped } of counts) {
    process.stdout.write(`${path}: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
  const sum = (key: keyof Counts) => counts.reduce((total, each) => total + each[key], 0);
  process.stdout.write(
    `${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped\n`,
  );
  process.exitCode = counts.length === 0 || sum("failed") > 0 ? 1 : 0;
}
