import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { faulty } from "#test/support/ask-cause.ts";
import { FAULTY_REPORTS } from "#test/support/faulty-reports.ts";
import { aFailure, aReport } from "#test/support/report-builders.ts";
import { advise } from "./advise.ts";

const causesOf = (name: string) => {
  return advise(faulty(name)).map(({ cause }) => cause);
};
const faults = Object.keys(FAULTY_REPORTS);

describe("advise", () => {
  it("says nothing of a healthy run", () => {
    expect(advise(aReport())).toEqual([]);
  });

  /** These cannot be told from the fault beside them, and are said after it. */
  const SECOND: Readonly<Record<string, readonly string[]>> = {
    "readiness-too-slow": ["pre-stop-too-short", "readiness-too-slow"],
    "readiness-stays-true": ["pre-stop-too-short", "readiness-stays-true"],
  };
  it.each(faults)("names %s and nothing else", (name) => {
    expect(causesOf(name)).toEqual(SECOND[name] ?? [name]);
  });

  it.each(faults)("gives %s an explanation, evidence, a fix and a patch that is YAML", (name) => {
    for (const { explanation, evidence, fix, patch } of advise(faulty(name))) {
      expect(explanation).toMatch(/\d.*\.$/);
      expect(explanation).not.toMatch(/NaN|Infinity|undefined|-\d+ ms/);
      expect(fix).toMatch(/\.$/);
      expect(evidence.total).toBeGreaterThan(0);
      if (patch !== undefined) expect(Object.keys(parse(patch) as object)).toEqual(["spec"]);
    }
  });

  it("explains each failure once: what the first cause took, no other claims", () => {
    const [advice, ...others] = advise(faulty("exits-at-once"));
    expect(advice?.evidence.total).toBe(3);
    expect(others).toEqual([]);
  });

  it("names two faults of one run, the more damaging first", () => {
    const { transactions, marks, ...report } = faulty("closes-listener-early");
    const both = { ...report, marks, transactions: { ...transactions, partial: 2 } };
    expect(advise(both).map(({ cause }) => cause)).toEqual([
      "half-commits",
      "closes-listener-early",
    ]);
  });

  it("puts a cause of few requests behind one that cost far more, and keeps their order otherwise", () => {
    const report = faulty("closes-listener-early");
    const turnedAway = (count: number) =>
      Array.from({ length: count }, (_, seq) =>
        aFailure({ seq, atMs: 5_080, reason: "server-error", status: 503, pod: "web-1" }),
      );
    const refused = Array.from({ length: 4 }, () => report.marks).flat();
    const ask = (count: number) =>
      advise({ ...report, marks: [...refused, ...turnedAway(count)] }).map(({ cause }) => cause);
    expect(ask(2)).toEqual(["closes-listener-early", "answers-503-while-draining"]);
    expect(ask(3)).toEqual(["answers-503-while-draining", "closes-listener-early"]);
  });

  it("puts hints behind every cause", () => {
    const lanes = faulty("closes-listener-early").lanes.map((lane) => {
      const atMs = (lane.termination?.deletionRequestedAtMs ?? 0) + 50;
      const warning = { reason: "FailedPreStopHook", message: "", firstAtMs: atMs, lastAtMs: atMs };
      return { ...lane, warnings: [warning] };
    });
    const report = { ...faulty("stops-answering"), lanes, verdict: "inconclusive" as const };
    const hints = advise(report).map(({ hint }) => hint === true);
    expect(hints).toEqual([false, true]);
  });

  it("calls no cause more than possible when the run is void", () => {
    const report = { ...faulty("half-commits"), voids: ["The ledger does not add up."] };
    expect(advise(report).map(({ confidence }) => confidence)).toEqual(["possible"]);
  });

  it("has a report for each cause, and a line in docs/advice.md", () => {
    const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
    const causes = files.filter((file) => /\/(?!.*\.test\.ts$).*\.ts$/.test(file)).filter(isCause);
    const names = causes.map((file) => basename(file, ".ts")).toSorted();
    expect(names).toEqual(faults.toSorted());
    const page = readFileSync("docs/advice.md", "utf8");
    const listed = [...page.matchAll(/^\| `([a-z0-9-]+)`/gm)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual(names);
  });
});

function isCause(file: string): boolean {
  return /export const \w+: Cause =/.test(readFileSync(join(import.meta.dirname, file), "utf8"));
}
