import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ListedRun } from "#domain/listed-run.ts";
import { renderIndex } from "#reporting/html/index/render-index.ts";
import { aListedRun } from "../reporting/fixtures/a-listed-run.ts";
import { launchChromium, type OpenedPage, openPage } from "./open-report.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const RUNS: readonly ListedRun[] = Array.from({ length: 12 }, (_, index) =>
  aListedRun({
    folder: `run-${index}`,
    scenario: index % 2 === 0 ? "shop" : "bank",
    verdict: index % 3 === 0 ? "fail" : "pass",
    headline: index === 5 ? "Twelve requests were lost." : "Every promise was kept.",
    measurements: [{ metric: "longest-gap", value: 10 * index, verdict: "pass" }],
  }),
);

let browser: Browser;
let opened: OpenedPage | undefined;
beforeAll(async () => {
  browser = await launchChromium();
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});
afterAll(async () => {
  await browser.close();
});

async function open(options?: Parameters<typeof openPage>[2]) {
  opened = await openPage(browser, renderIndex(RUNS), options);
  return opened.page;
}

describe("the list of runs in a browser", () => {
  it("shows the runs that were asked for, and says how many", async () => {
    const page = await open();
    const shown = page.locator("[data-shown]");
    expect(await shown.textContent()).toBe("12 of 12");
    await page.locator("select[name=scenario]").selectOption("bank");
    await page.locator("select[name=verdict]").selectOption("fail");
    expect(await shown.textContent()).toBe("2 of 12");
    expect(await page.locator("[data-run]:visible").count()).toBe(2);
    await page.locator("select[name=verdict]").selectOption("");
    await page.locator("input[name=text]").fill("twelve requests");
    expect(await shown.textContent()).toBe("1 of 12");
  });

  it("keeps the choice in its address", async () => {
    const page = await open();
    await page.locator("select[name=verdict]").selectOption("fail");
    expect(page.url()).toMatch(/#verdict=fail$/);
    await page.reload();
    expect(await page.locator("[data-shown]").textContent()).toBe("4 of 12");
  });

  it.each([400, 1280])("complains about nothing, and fits a screen of %i pixels", async (width) => {
    const page = await open({ width });
    expect(opened?.complaints).toEqual([]);
    expect(
      await page.evaluate("document.documentElement.scrollWidth - innerWidth"),
    ).toBeLessThanOrEqual(0);
  });

  it.each(["light", "dark"] as const)("has nothing that axe objects to (%s)", async (scheme) => {
    const page = await open({ colorScheme: scheme });
    await page.evaluate(AXE);
    const violations = await page.evaluate(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))",
    );
    expect(violations).toEqual([]);
  });
});
