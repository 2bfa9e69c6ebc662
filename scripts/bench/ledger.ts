import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge } from "#checkers/judge.ts";
import { openRun } from "#history/open-run.ts";
import { writeLongRun } from "./long-run.ts";
import { print } from "./print.ts";

/*
 * How long it takes, and how much memory, to judge a long run: two streams, 30 pods leaving one after the
 * other, one failure in 5,000 requests. Each size is judged in a process of its own.
 */
const SIZES = [1_000_000, 3_000_000, 10_000_000];
async function judgeOne(directory: string): Promise<void> {
  const startedAtMs = performance.now();
  const errorRate = { metric: "request-error-rate", operator: "<", limit: 0.001, text: "<0.1%" };
  const report = judge(await openRun(directory), [errorRate as never]); // the parser's own shape
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const { user, system } = process.cpuUsage();
  const megabytes = process.resourceUsage().maxRSS / 1_024;
  process.stdout.write(
    `${seconds.toFixed(1)} s | ${((user + system) / 1e6).toFixed(1)} s | ${megabytes.toFixed(0)} MB | ${report.marks.length}`,
  );
}

function measureAll(): void {
  print(
    "## Judging a long run",
    "| exchanges | time | CPU | peak memory | failures drawn |",
    "|---|---|---|---|---|",
  );
  for (const size of SIZES) {
    const directory = mkdtempSync(join(tmpdir(), "lastcall-bench-"));
    try {
      writeLongRun(directory, { exchanges: size, failureEvery: 5_000 });
      const self = import.meta.filename;
      const row = execFileSync(process.execPath, [
        "--conditions=source",
        self,
        directory,
      ]).toString();
      print(`| ${size.toLocaleString("en")} | ${row} |`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
}

const [directory] = process.argv.slice(2);
if (directory === undefined) measureAll();
else await judgeOne(directory);
