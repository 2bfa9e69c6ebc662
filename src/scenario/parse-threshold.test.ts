import { describe, expect, it } from "vitest";
import { findMetric, METRICS } from "#domain/metric.ts";
import { parseThreshold } from "./parse-threshold.ts";

function problemOf(metric: string, threshold: string): string {
  const reading = parseThreshold(metric, threshold);
  return reading.type === "problem" ? reading.problem : `read as ${JSON.stringify(reading)}`;
}

describe("parseThreshold", () => {
  it("reads the user's own rows, in both scripts", () => {
    expect(
      [
        ["請求錯誤率", "<0.1%"],
        ["事务完成率", "100%"],
        ["服務注銷延遲", "<2秒"],
      ].map(([metric = "", threshold = ""]) => parseThreshold(metric, threshold)),
    ).toEqual([
      {
        type: "threshold",
        threshold: { metric: "request-error-rate", operator: "<", limit: 0.001, text: "<0.1%" },
      },
      {
        type: "threshold",
        threshold: {
          metric: "transaction-completion-rate",
          operator: "=",
          limit: 1,
          text: "100%",
        },
      },
      {
        type: "threshold",
        threshold: { metric: "deregistration-latency", operator: "<", limit: 2000, text: "<2秒" },
      },
    ]);
  });

  it.each([
    ["longest gap", "<= 300 ms", "<=", 300],
    ["longest gap", "≤300毫秒", "<=", 300],
    ["longest gap", "≦1.5s", "<=", 1500],
    ["Longest  Gap", "＜１分", "<", 60_000],
    ["capacity", "≥80％", ">=", 0.8],
    ["capacity", "≧ 99.9 %", ">=", 0.999],
    ["capacity", "＞50%", ">", 0.5],
    ["grace used", "<=100%", "<=", 1],
    ["request error rate", "＝0%", "=", 0],
    ["deregistration latency", "0s", "=", 0],
    ["capacity", "100%", "=", 1],
    ["forced kills", "0", "=", 0],
    ["stale requests", "=3", "=", 3],
    ["dropped requests", "<３", "<", 3],
  ])("reads %s %s", (metric, cell, operator, limit) => {
    const reading = parseThreshold(metric, cell);
    expect(reading).toMatchObject({ threshold: { operator, limit, text: cell } });
  });

  it("reads every metric that there is, by each of its phrases", () => {
    const example = { ratio: "50%", ms: "1s", count: "1" };
    for (const metric of METRICS) {
      const sign = metric.better === "lower" ? "<" : ">";
      for (const phrase of [metric.title, metric.name, ...metric.phrases]) {
        const reading = parseThreshold(phrase, sign + example[metric.unit]);
        expect(reading).toMatchObject({ threshold: { metric: metric.name } });
      }
    }
  });

  const comparisons = "comparisons are <, <=, =, >= and >, and a bare value means =";
  const share = "allowed is a percentage from 0% to 100%, such as <0.1% or 100%";
  const duration = "allowed is a duration with its unit (ms, s, m; 毫秒, 秒, 分), such as <2s";
  const count = "allowed is a whole number without a unit, such as 0 or <=3";

  const equal = (cell: string, meant: string) =>
    `"${cell}" asks for exactly this value, which no run hits; write ${meant}`;

  it.each([
    [
      "request error rate",
      "<0.1s",
      `"<0.1s" does not fit "Request error rate": ${share}; ${comparisons}`,
    ],
    [
      "request error rate",
      "<0.1",
      `"<0.1" does not fit "Request error rate": ${share}; ${comparisons}`,
    ],
    ["request error rate", "", `"" does not fit "Request error rate": ${share}; ${comparisons}`],
    ["longest gap", "<1%", `"<1%" does not fit "Longest gap": ${duration}; ${comparisons}`],
    ["longest gap", "<2", `"<2" does not fit "Longest gap": ${duration}; ${comparisons}`],
    ["forced kills", "<0.5", `"<0.5" does not fit "Forced kills": ${count}; ${comparisons}`],
    ["forced kills", "0s", `"0s" does not fit "Forced kills": ${count}; ${comparisons}`],
    ["request error rate", "=<1%", `"=<1%" has no known comparison: ${comparisons}`],
    ["request error rate", "<>1%", `"<>1%" has no known comparison: ${comparisons}`],
    ["request error rate", "<-1%", `"<-1%" is negative: ${share}`],
    ["longest gap", "−5s", `"−5s" is negative: ${duration}`],
    ["request error rate", "<101%", `"<101%" is above 100%: ${share}`],
    ["capacity", ">100%", `">100%" asks for more than 100%: ${share}`],
    ["request error rate", "<0%", '"<0%" can never be kept: nothing is below 0'],
    ["longest gap", "<0s", '"<0s" can never be kept: nothing is below 0'],
    ["forced kills", "＜0", '"＜0" can never be kept: nothing is below 0'],
    ["capacity", ">=0%", '">=0%" promises nothing: every value is at least 0'],
    ["request error rate", "<=100%", '"<=100%" promises nothing: every share is at most 100%'],
    ...[
      ["request error rate", ">0.1%"],
      ["request error rate", "≥0.1%"],
      ["deregistration latency", ">=2秒"],
      ["forced kills", ">0"],
      ["grace used", ">=80%"],
    ].map(([metric = "", cell = ""]) => [
      metric,
      cell,
      `"${cell}" would be kept by bad runs only: of "${findMetric(metric)?.title}" less is better, so it takes <, <= and =`,
    ]),
    ...[
      ["transaction completion rate", "<100%"],
      ["capacity", "≤80%"],
    ].map(([metric = "", cell = ""]) => [
      metric,
      cell,
      `"${cell}" would be kept by bad runs only: of "${findMetric(metric)?.title}" more is better, so it takes >, >= and =`,
    ]),
    ["request error rate", "0.1%", equal("0.1%", "<0.1%")],
    ["deregistration latency", "2s", equal("2s", "<2s")],
    ["deregistration latency", "＝ 2秒", equal("＝ 2秒", "<2秒")],
    ["grace used", "80%", equal("80%", "<80%")],
    ["grace used", "100%", equal("100%", "<100%")],
    ["capacity", "=80％", equal("=80％", ">80%")],
    ["transaction completion rate", "0%", equal("0%", ">0%")],
  ])("refuses %s %s", (metric, cell, problem) => {
    expect(problemOf(metric, cell)).toBe(problem);
  });

  it("lists the metrics in the script of an unknown one, and the one that was meant", () => {
    const english = METRICS.flatMap(({ phrases }) => phrases).filter((one) =>
      /^[a-z ]+$/.test(one),
    );
    expect(problemOf("request eror rate", "<1%")).toBe(
      `no metric is called "request eror rate"; did you mean "request error rate"? Metrics are: ${english.join(", ")}`,
    );
    const chinese = METRICS.flatMap(({ phrases }) => phrases).filter(
      (one) => !english.includes(one),
    );
    expect(problemOf("記憶體", "<1%")).toBe(
      `no metric is called "記憶體". Metrics are: ${chinese.join(", ")}`,
    );
  });
});
