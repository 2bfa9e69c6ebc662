import { describe, expect, it } from "vitest";
import type { ListedRun } from "#domain/listed-run.ts";
import { renderIndex } from "#reporting/html/index/render-index.ts";
import { listResult } from "#reporting/json/list-result.ts";
import { renderResult } from "#reporting/json/render-result.ts";
import { aListedRun } from "./fixtures/a-listed-run.ts";
import { failingReport } from "./fixtures/failing-report.ts";

/** How often the page holds this. */
function count(runs: readonly ListedRun[], wanted: RegExp): number {
  return [...renderIndex(runs).matchAll(wanted)].length;
}

describe("the list of runs", () => {
  it("is made of what a result on disk says", () => {
    const report = failingReport();
    const run = listResult(renderResult(report), "2026-11-24T10-00-00Z-shop");
    expect(run).toMatchObject({
      folder: "2026-11-24T10-00-00Z-shop",
      scenario: report.header.scenario,
      verdict: "fail",
      headline: report.headline,
    });
    const promised = run?.measurements.filter(({ verdict }) => verdict !== undefined);
    expect(promised?.map(({ metric }) => metric)).toEqual(
      report.results.map(({ threshold }) => threshold.metric),
    );
    expect(listResult("{}", "a")).toBeUndefined();
    expect(listResult("<html>", "a")).toBeUndefined();
  });

  it("leads to each report and says the latest verdict of each scenario first", () => {
    const runs = [
      aListedRun({ folder: "c", scenario: "shop", verdict: "fail" }),
      aListedRun({ folder: "b", scenario: "bank" }),
      aListedRun({ folder: "a run", scenario: "shop" }),
    ];
    const [latest = ""] = /<ul class="latest">.*<\/ul>/s.exec(renderIndex(runs)) ?? [];
    expect([...latest.matchAll(/href="([^"]+)"/g)].map(([, link]) => link)).toEqual([
      "c/report.html",
      "b/report.html",
    ]);
    expect(count(runs, /<th scope="row"><a href="a%20run\/report.html">/g)).toBe(1);
  });

  it("draws a trend where two runs measured a number, broken where one between did not", () => {
    const gap = (value?: number) =>
      aListedRun({
        measurements: [{ metric: "longest-gap", ...(value !== undefined && { value }) }],
      });
    expect(count([gap(10), gap()], /<figure>/g)).toBe(0);
    expect(count([gap(30), gap(), gap(20), gap(10)], /<figure>/g)).toBe(1);
    const [, line = ""] =
      /class="line" d="([^"]+)"/.exec(renderIndex([gap(30), gap(), gap(20), gap(10)])) ?? [];
    expect(line.replaceAll(/[^ML]/g, "")).toBe("MLM");
  });

  it("marks between which runs something else changed", () => {
    const run = (image: string) =>
      aListedRun({
        environment: { ...aListedRun().environment, images: [image] },
        measurements: [{ metric: "longest-gap", value: 1 }],
      });
    const runs = [run("shop:2"), run("shop:2"), run("shop:1")];
    expect(count(runs, /<title>shop:1 → shop:2<\/title>/g)).toBe(1);
    expect(count(runs, /class="change"/g)).toBe(1);
  });

  it("lets no text from outside become an element", () => {
    const hostile = `"><script>alert(1)</script>`;
    const runs = [aListedRun({ scenario: hostile, headline: hostile, folder: hostile })];
    expect(count(runs, /<script>alert/g)).toBe(0);
  });
});
