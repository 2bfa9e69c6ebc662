import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Report } from "#domain/report.ts";
import { compareReport } from "./compare-report.ts";
import { type Expectation, loadExpectation } from "./expectation.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "expectation-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("loadExpectation", () => {
  it("reports all that is wrong at once", async () => {
    write(`verdict: red
thresholds:
  - { metric: "forced kills", threshold: "0%" }
crossed: [nonsense]
reasons:
  - { type: exit, exitCode: x, forced: true }
  - { type: failures, stream: a, classes: [gone] }
  - { type: doubt, say: b }
disruption: { type: none }
dataPathDelay: slow
`);
    await expect(loadExpectation(folder)).rejects.toThrow(/^10 problems:\n/);
  });

  it("reads the disruption that is not a rolling update", async () => {
    write(`about: It is deleted.
verdict: fail
thresholds: [{ metric: "forced kills", threshold: "0" }]
disruption: { type: delete-pods, count: 2, gracePeriod: 0s }
`);
    const { disruptionOf } = await loadExpectation(folder);
    const workload = { kind: "Deployment", name: "web", namespace: "default" } as const;
    expect(disruptionOf(workload)).toEqual({
      type: "delete-pods",
      workload,
      count: 2,
      gracePeriodSeconds: 0,
    });
  });
});

function write(text: string): void {
  writeFileSync(join(folder, "expect.yaml"), text);
}

describe("compareReport", () => {
  /** The fields that the comparison looks at. */
  const report = {
    verdict: "fail",
    headline: "1 promise crossed",
    results: [
      {
        threshold: { metric: "forced-kills" },
        verdict: "fail",
        because: "1 is not 0",
        measurement: { summary: "1 of 4" },
      },
    ],
    ungated: [{ metric: "audit-violations", evidence: { notes: ["money: the total is 9."] } }],
    doubts: ["No pod terminated, so nothing was put to the test."],
    terminations: [{ exits: [{ exitCode: 137, forced: true }] }],
    transactions: { partial: 1, lost: 0 },
    marks: [{ stream: "visit", reason: "connect-refused" }],
    advice: [
      { cause: "over-provisioned-grace", hint: true },
      { cause: "ignores-sigterm" },
      { cause: "cuts-keep-alive" },
    ],
  } as unknown as Report;

  const expected: Expectation = {
    about: "It ignores SIGTERM.",
    quick: false,
    verdict: "fail",
    disruptionOf: () => ({ type: "none", durationMs: 1 }),
    thresholds: [],
    crossed: ["forced-kills"],
    kept: [],
    reasons: [
      { type: "exit", exitCode: 137, forced: true },
      { type: "failures", stream: "visit", classes: ["no-route", "connect-refused"] },
      { type: "transactions", class: "partial" },
      { type: "audit", says: "money: the total" },
      { type: "doubt", says: "No pod terminated" },
    ],
    advice: "ignores-sigterm",
  };

  it("finds nothing to object to when verdict, results and reasons are right", () => {
    expect(compareReport(report, expected)).toEqual([]);
  });

  it("objects to each thing that is not as demanded", () => {
    const other: Expectation = {
      ...expected,
      verdict: "pass",
      crossed: ["capacity"],
      kept: ["forced-kills"],
      reasons: [
        { type: "exit", exitCode: 137, forced: false },
        { type: "failures", stream: "browse", classes: ["connect-refused"] },
        { type: "failures", stream: "visit", classes: ["no-route"] },
        { type: "transactions", class: "lost" },
        { type: "audit", says: "queue" },
        { type: "doubt", says: "slow" },
      ],
      advice: "cuts-keep-alive",
    };
    expect(compareReport(report, other)).toEqual([
      "The verdict is fail, not pass: 1 promise crossed",
      "The report has no result for capacity.",
      "forced-kills is fail, not pass or inconclusive: 1 is not 0 (1 of 4)",
      'The report does not show {"type":"exit","exitCode":137,"forced":false}.',
      'The report does not show {"type":"failures","stream":"browse","classes":["connect-refused"]}.',
      'The report does not show {"type":"failures","stream":"visit","classes":["no-route"]}.',
      'The report does not show {"type":"transactions","class":"lost"}.',
      'The report does not show {"type":"audit","says":"queue"}.',
      'The report does not show {"type":"doubt","says":"slow"}.',
      "The advice names ignores-sigterm, then cuts-keep-alive, not cuts-keep-alive.",
    ]);
  });

  it("objects to a cause where none is expected, but not to a hint", () => {
    const { advice: _, ...healthy } = expected;
    expect(compareReport(report, healthy)).toEqual([
      "The advice names ignores-sigterm, then cuts-keep-alive, not none.",
    ]);
    const hinted = { ...report, advice: report.advice.filter(({ hint }) => hint === true) };
    expect(compareReport(hinted, healthy)).toEqual([]);
    expect(compareReport(hinted, expected)).toEqual([
      "The advice names no cause, not ignores-sigterm.",
    ]);
  });
});
