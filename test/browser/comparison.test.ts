import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { compareRuns } from "#domain/compare-runs.ts";
import { renderComparison } from "#reporting/html/render-comparison.ts";
import { parseResult } from "#reporting/json/parse-result.ts";
import { renderResult } from "#reporting/json/render-result.ts";
import { failingReport } from "../reporting/fixtures/failing-report.ts";
import { hostileReport } from "../reporting/fixtures/hostile-report.ts";
import { launchChromium, type OpenedPage, openPage } from "./open-report.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let opened: OpenedPage | undefined;
beforeAll(async () => {
  browser = await launchChromium();
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});
afterAll(() => browser.close());

async function open(options: Parameters<typeof openPage>[2]) {
  const [before, now] = [failingReport(), hostileReport()].map((report) =>
    parseResult(renderResult(report), "result.json"),
  );
  if (before === undefined || now === undefined) throw new TypeError("Two runs are compared.");
  opened = await openPage(browser, renderComparison(compareRuns(before, now)), options);
  return opened.page;
}

describe("two runs side by side in a browser", () => {
  it.each([400, 1280])("fit a screen of %i pixels, and nothing is complained of", async (width) => {
    const page = await open({ width });
    expect(await page.locator("#numbers").isVisible()).toBe(true);
    const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await page.title()).toMatch(/^Comparison: /);
    expect(await page.locator("img, svg[onload]").count()).toBe(0);
    expect(opened?.complaints).toEqual([]);
  });

  it.each(["light", "dark"] as const)(
    "have nothing that axe objects to (%s)",
    async (colorScheme) => {
      const page = await open({ colorScheme });
      await page.evaluate(AXE);
      const found = await page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))",
      );
      expect(found).toEqual([]);
    },
  );
});
