import { describe, expect, it } from "vitest";
import { displayWidth, textTable } from "./text-table.ts";

describe("textTable", () => {
  it("aligns numbers to the right and leaves no space at the ends of lines", () => {
    const columns = [
      { title: "metric", align: "left" },
      { title: "value", align: "right" },
      { title: "verdict", align: "left" },
    ] as const;
    expect(
      textTable(columns, [
        ["error rate", "0.36 %", "fail"],
        ["gap", "1 s", ""],
      ]),
    ).toEqual(["metric       value  verdict", "error rate  0.36 %  fail", "gap            1 s"]);
  });

  it("counts wide characters as the two cells that they take", () => {
    const columns = [
      { title: "asked", align: "left" },
      { title: "got", align: "left" },
    ] as const;
    expect(
      textTable(columns, [
        ["<2秒", "x"],
        ["<2s", "y"],
      ]),
    ).toEqual(["asked  got", "<2秒   x", "<2s    y"]);
    expect(displayWidth("請求錯誤率")).toBe(10);
    expect(displayWidth("é")).toBe(1);
    expect(displayWidth("e\u0301")).toBe(1);
  });
});
