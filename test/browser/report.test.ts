import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "#domain/report.ts";
import { failingReport } from "../reporting/fixtures/failing-report.ts";
import { hostileReport } from "../reporting/fixtures/hostile-report.ts";
import { inconclusiveReport } from "../reporting/fixtures/inconclusive-report.ts";
import { passingReport } from "../reporting/fixtures/passing-report.ts";
import { launchChromium, type OpenedPage, openReport } from "./open-report.ts";

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
afterAll(async () => {
  await browser.close();
});

async function open(report: Report, options?: Parameters<typeof openReport>[2]): Promise<Page> {
  opened = await openReport(browser, report, options);
  return opened.page;
}

describe("the report in a browser", () => {
  it.each([
    ["pass", passingReport()],
    ["fail", failingReport()],
    ["inconclusive", inconclusiveReport()],
    ["hostile", hostileReport()],
  ])("loads without a complaint and without the network (%s)", async (_, report) => {
    await open(report);
    expect(opened?.complaints).toEqual([]);
  });

  it("runs no script of a hostile workload", async () => {
    const page = await open(hostileReport());
    await page.locator(".mark").first().focus();
    expect(await page.title()).toMatch(/^Fail: /);
    expect(await page.locator("img, svg[onload]").count()).toBe(0);
  });

  it.each([400, 720, 1280])("is no wider than a screen of %i pixels", async (width) => {
    const page = await open(failingReport(), { width });
    const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it.each(["light", "dark"] as const)(
    "has nothing that axe objects to (%s)",
    async (colorScheme) => {
      const page = await open(failingReport(), { colorScheme });
      await page.locator("summary").first().click();
      await page.locator(".mark").first().focus();
      await page.evaluate(AXE);
      const found = await page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))",
      );
      expect(found).toEqual([]);
    },
  );
});

describe("the timeline in a browser", () => {
  it("shows the exchange behind the mark that the pointer is on", async () => {
    const page = await open(failingReport());
    await page.click('[data-zoom="disruption"]');
    const mark = page.locator(".mark").nth(2);
    await mark.scrollIntoViewIfNeeded();
    const box = await mark.boundingBox();
    if (box === null) throw new Error("The mark is not drawn.");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const card = page.locator("#tip");
    await card.waitFor({ state: "visible" });
    const [reason = ""] = ((await mark.getAttribute("aria-label")) ?? "").split(" ");
    expect(await card.textContent()).toMatch(
      /^[a-z-]+Requestreused #2300Failed at.*T0 \+ 23\.4 ms/,
    );
    expect(await card.textContent()).toContain(reason);
  });

  it("walks from mark to mark by the arrow keys, and hides the card on Escape", async () => {
    const page = await open(failingReport());
    const lane = page.locator(".marks").first().locator(".mark");
    await lane.first().focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate("document.activeElement.id")).toBe(
      await lane.nth(1).getAttribute("id"),
    );
    expect(await page.locator("#tip").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.locator("#tip").isVisible()).toBe(false);
  });

  it("zooms by button and key around what is looked at, and back", async () => {
    const page = await open(failingReport());
    const level = page.locator("[data-zoom-level]");
    await page.click('[data-zoom="in"]');
    expect(await level.textContent()).toBe("2×");
    await page.locator(".viewport").focus();
    await page.keyboard.press("+");
    expect(await level.textContent()).toBe("4×");
    expect(await page.locator("[data-ticks]").first().textContent()).toContain("18 s");
    expect(await page.evaluate("document.querySelector('.viewport').scrollLeft")).toBeGreaterThan(
      500,
    );
    await page.click('[data-zoom="all"]');
    expect(await level.textContent()).toBe("1×");
  });

  it("moves a time cursor by key and says the numbers of that moment", async () => {
    const page = await open(failingReport());
    await page.locator(".viewport").focus();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowRight");
    expect(await page.locator('[data-readout="0"]').textContent()).toMatch(
      /^2\.40 s: \d+\/s, 0 failed · p50 .* ms · p99 .* ms · max .* ms$/,
    );
  });

  it("hides the marks of what is filtered out", async () => {
    const page = await open(failingReport());
    const all = await page.locator(".mark:visible").count();
    await page.locator('[data-filter="reason"][value="connect-refused"]').uncheck();
    const others = await page.locator(".mark:visible").count();
    expect(others).toBeGreaterThan(0);
    expect(others).toBeLessThan(all);
    await page.locator('[data-filter="reason"][value="connect-refused"]').check();
    expect(await page.locator(".mark:visible").count()).toBe(all);
  });

  it("shows the lanes of one pod, or of those with marks", async () => {
    const page = await open(failingReport());
    const lanes = page.locator("[data-lane]:visible");
    expect(await lanes.count()).toBe(20);
    await page.getByLabel("Pods").selectOption("marked");
    const marked = await lanes.count();
    expect(marked).toBeGreaterThan(0);
    expect(marked).toBeLessThan(20);
    await page.getByLabel("Pods").selectOption({ index: 2 });
    expect(await lanes.count()).toBe(1);
    expect(await page.locator(".chart:visible").count()).toBeGreaterThan(0);
  });

  it("shows a late answer with how long it took", async () => {
    const page = await open(failingReport());
    await page.locator(".mark.slow").first().focus();
    expect(await page.locator("#tip").textContent()).toMatch(/^slow answer.*Answered at.*was done/);
  });

  it("leads from a number to its request on the timeline", async () => {
    const page = await open(failingReport());
    await page.locator("#promises summary").first().click();
    await page.locator("#promises details a").nth(3).click();
    await page.locator("#tip").waitFor({ state: "visible" });
    expect(await page.locator(".mark:focus").isVisible()).toBe(true);
  });
});

describe("the rest of the page in a browser", () => {
  it("copies the patch", async () => {
    const page = await open(failingReport());
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.click("[data-copy]");
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toContain("preStop:\n");
  });

  it("prints what was filled in and a line to sign on, and no controls", async () => {
    const page = await open(failingReport());
    await page.getByLabel("Do not release").check();
    await page.getByLabel("Name").fill("Ada");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".signature .line").isVisible()).toBe(true);
    expect(await page.locator(".controls").isVisible()).toBe(false);
    expect(await page.locator("[data-copy]").first().isVisible()).toBe(false);
    expect(await page.getByLabel("Name").inputValue()).toBe("Ada");
  });

  it("is complete without scripts, and shows no control that would do nothing", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await open(failingReport());
    await page.goto(opened?.page.url() ?? "");
    expect(await page.locator("#timeline .lane").count()).toBe(21);
    expect(await page.locator(".scripted:visible").count()).toBe(0);
    await context.close();
  });
});
