import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge } from "#checkers/judge.ts";
import { loadCatches } from "#cli/self-test/catches.ts";
import { runCatch } from "#cli/self-test/run-catch.ts";
import type { FailureMark } from "#domain/report.ts";
import { openRun } from "#history/open-run.ts";
import { print } from "./print.ts";

/*
 * How many of the sample shop's failures name their pod, and how surely. The shop is run with one fault
 * after the other; whether each is caught is the self-test's affair.
 */
const FAULTS = ["shop-exits-at-once", "shop-closes-listener-early", "shop-ignores-sigterm"];
const GRADES = ["proven", "same-connection", "inferred", "unknown"] as const;

async function marksOf(name: string): Promise<readonly FailureMark[]> {
  const fault = (await loadCatches()).find((each) => each.name === name);
  if (fault === undefined) throw new Error(`There is no catch ${name}; test/catches lists them.`);
  const reportsDir = mkdtempSync(join(tmpdir(), "lastcall-bench-"));
  try {
    await runCatch(fault, { reportsDir, signal: new AbortController().signal });
    const [run = ""] = readdirSync(reportsDir).toSorted();
    return judge(await openRun(join(reportsDir, run)), []).marks;
  } finally {
    rmSync(reportsDir, { recursive: true });
  }
}

function row(name: string, marks: readonly FailureMark[]): string {
  const share = (count: number) =>
    marks.length === 0 ? "–" : `${((100 * count) / marks.length).toFixed(0)} %`;
  const graded = GRADES.map((grade) => marks.filter((mark) => mark.attribution === grade).length);
  const phased = marks.filter(({ phase }) => phase !== undefined).length;
  return `| ${[name, marks.length, ...graded.map(share), share(phased)].join(" | ")} |`;
}

print(
  "## Which pod a failure met",
  `| the shop, with a fault | failures | ${GRADES.join(" | ")} | with a phase |`,
  `|---|---|${GRADES.map(() => "---|").join("")}---|`,
);
const all: FailureMark[] = [];
for (const name of FAULTS) {
  const marks = await marksOf(name);
  all.push(...marks);
  print(row(name, marks));
}
print(row("**together**", all));
