import { describe, expect, it } from "vitest";
import { readThresholds } from "../../features/support/threshold-tables.ts";

const KEPT = ["transaction completion rate", "100%"];
const metricsOf = (...rows: readonly (readonly string[])[]) =>
  readThresholds(rows).map(({ metric }) => metric);

describe("readThresholds", () => {
  it.each([
    ["metric", "threshold"],
    ["指標名稱", "閾值"],
    ["指标名称", "阈值"],
  ])("takes %s | %s for a heading", (...heading) => {
    expect(metricsOf(heading, KEPT)).toEqual(["transaction-completion-rate"]);
  });

  it("needs no heading", () => {
    expect(metricsOf(KEPT)).toEqual(["transaction-completion-rate"]);
  });

  it.each([
    ["reqest error rate", "<0.1%"],
    ["reqest error rate", "０"],
    ["reqest error rate", "≤ one percent"],
  ])("reads %s | %s in the first row as a promise with a mistake", (...row) => {
    expect(() => metricsOf(row, KEPT)).toThrow(/row 1: no metric is called "reqest error rate"/);
  });

  it("does not skip a promise without a limit because it comes first", () => {
    expect(() => metricsOf(["request error rate", "none"], KEPT)).toThrow(/row 1: "none"/);
  });
});
