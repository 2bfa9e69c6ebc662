import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { advise } from "#advice/advise.ts";
import type { Report } from "#domain/report.ts";
import { keepUnits } from "#reporting/html/keep-units.ts";
import { html } from "#reporting/html/markup.ts";
import { renderReport } from "#reporting/html/render-report.ts";
import { FAULTY_REPORTS } from "#test/support/faulty-reports.ts";
import { launchChromium } from "./open-report.ts";

/* A reader's test: whoever opens the report of a failed run sees verdict, cause and fix without scrolling. */
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const HEADLINE =
  "10 pods of shop (4 with requests in flight at SIGTERM) were terminated under load and a promise was broken: " +
  "transaction completion rate 36.27 % does not keep 100%.";

/** One failed run for each cause that advice knows, with the longest headline that a run of ten pods gets. */
const FAILED: readonly (readonly [cause: string, report: Report])[] = Object.entries(FAULTY_REPORTS)
  .map(([cause, make]) => {
    const report = make();
    return [
      cause,
      { ...report, headline: HEADLINE, verdict: "fail", advice: advise(report) },
    ] as const;
  })
  .filter(([, { advice }]) => advice.some(({ hint }) => hint !== true));

describe("the first screen of a failed run's report", () => {
  it("is looked at for nearly every cause", () => {
    expect(FAILED.length).toBeGreaterThan(30);
  });

  it.each([
    { width: 1280, height: 800 },
    { width: 400, height: 800 },
  ])("has verdict, cause and fix at $width by $height", async ({ width, height }) => {
    const page = await browser.newPage({ viewport: { width, height } });
    const below: unknown[] = [];
    for (const [cause, report] of FAILED) {
      await page.setContent(renderReport(report));
      const bottoms = await page.evaluate<Record<string, number>>(BOTTOMS);
      for (const [part, bottom] of Object.entries(bottoms)) {
        if (!(bottom > 0 && bottom <= height)) below.push([cause, part, bottom]);
      }
    }
    await page.close();
    expect(below).toEqual([]);
  });

  it("names the cause and the fix that the advice found", () => {
    for (const [, report] of FAILED) {
      const [first] = report.advice.filter(({ hint }) => hint !== true);
      const shown = renderReport({ ...report, headline: "" }).split("</header>")[0] ?? "";
      expect(shown).toContain(`<b>Cause</b> ${first?.cause}: `);
      expect(shown).toContain(`<b>Fix</b> ${keepUnits(html`${first?.fix}`.toString())}`);
    }
  });
});

/** Where each part ends, in pixels from the top of the first screen; 0 for one that is not there. */
const BOTTOMS = `Object.fromEntries([".word", ".headline", "[data-first=cause]", "[data-first=fix]"].map(
  (part) => [part, document.querySelector(part)?.getBoundingClientRect().bottom ?? 0],
))`;
