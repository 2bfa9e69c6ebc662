import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import type { Observation } from "#domain/observation.ts";
import { openLiveView } from "#live-view.ts";
import { renderReport } from "#reporting/html/render-report.ts";
import type { FollowedRun, LiveView } from "#reporting/live/serve-live.ts";
import { writeExchanges } from "../properties/run-on-disk.ts";
import { failingReport } from "../reporting/fixtures/failing-report.ts";
import { aHistory, anExchange, aPod, leaving, RESET, seen } from "../support/builders.ts";
import { launchChromium } from "./open-report.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const HOSTILE = `</script><img src=x onerror="document.title='owned'">`;

let browser: Browser;
let view: LiveView;
let scratch: string;
let directory: string;
let run: FollowedRun;
let complaints: string[];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), "lastcall-live-"));
  complaints = [];
  directory = runFolder("first");
  view = await openLiveView(0);
  run = view.follow("shop");
  run.progress.note(`Cluster: ${HOSTILE}`);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await view.stop();
  rmSync(scratch, { recursive: true });
});

/** Of a run that has seen nothing yet. */
function runFolder(name: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "header.json"), JSON.stringify(aHistory().header));
  writeFileSync(join(folder, "observations.ndjson"), "");
  return folder;
}

async function open(options: { width?: number; colorScheme?: "light" | "dark" } = {}) {
  const { width = 1280, colorScheme = "light" } = options;
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  await page.goto(view.url);
  return page;
}

/** Adds to the history as a run does: what was observed, and all exchanges until then. */
function record(observations: readonly Observation[], exchanges: readonly Exchange[]): void {
  const lines = observations.map((one) => `${JSON.stringify(one)}\n`);
  appendFileSync(join(directory, "observations.ndjson"), lines.join(""));
  writeExchanges(directory, "reused", exchanges);
}

const answered = Array.from({ length: 400 }, (_, seq) =>
  anExchange({ ...at(10 * seq), seq, servedBy: seq % 2 === 0 ? "web-1" : "web-2" }),
);
const REFUSED = { type: "failed", reason: "connect-refused" } as const;
const lost = Array.from({ length: 30 }, (_, seq) =>
  anExchange({ ...at(4_050 + 10 * seq), seq: 400 + seq, connectionId: seq, outcome: RESET }),
);

function at(atMs: number) {
  return { scheduledAtMs: atMs, sentAtMs: atMs, endedAtMs: atMs + 5 };
}

/** The run has come to the point at which `web-1` is leaving and requests are being lost. */
function untilLosses(): void {
  const { progress } = run;
  progress.recording(directory);
  progress.phase("warm-up", 0);
  progress.phase("control", 500);
  record(leaving().slice(0, 5), answered);
  progress.phase("disruption", 4_000);
  record([], [...answered, ...lost]);
  progress.load([{ stream: "reused", requests: 430, failures: 30, inFlight: 0 }], 4_500);
  const threshold = { metric: "forced-kills", operator: "=", limit: 0, text: "0" } as const;
  progress.promises([{ threshold, soFar: 2 }]);
  progress.load([], 4_600);
}

/** The promises are told after all the rest was written: whoever sees them sees all of it. */
async function untilShown(page: Page): Promise<void> {
  await page.locator("#promises", { hasText: "broken so far" }).waitFor();
}

/** Something else has happened, and is on the page. */
async function goOn(page: Page): Promise<void> {
  record(
    [seen(5_000, aPod({ name: HOSTILE, uid: "late", revision: "new" }), "added")],
    [
      ...answered,
      ...lost,
      anExchange({ ...at(4_900), seq: 500, outcome: RESET, servedBy: HOSTILE }),
    ],
  );
  run.progress.load([], 5_500);
  await page.locator("[data-lane='2']").waitFor({ state: "attached" });
}

const textOf = (page: Page, selector: string) => page.locator(selector).first().textContent();

describe("the live page in a browser", () => {
  it("has the report's lanes, charts, marks and cards while the run goes on", async () => {
    const page = await open();
    untilLosses();
    await untilShown(page);
    expect(await page.locator("[data-lane]").count()).toBe(2);
    expect(await page.locator(".chart").count()).toBe(4);
    expect(await textOf(page, "#promises")).toContain("broken so far");
    expect(await textOf(page, "#timeline")).toContain("All 30 failed requests are drawn");
    await page.locator(".mark").first().focus();
    expect(await textOf(page, "#tip")).toMatch(/^reset-before-response.*T0 \+/);
    await page.click('[data-zoom="in"]');
    expect(await textOf(page, "[data-zoom-level]")).toBe("2×");
    expect(complaints).toEqual([]);
  });

  it("keeps what its reader has set when more is drawn", async () => {
    const page = await open();
    untilLosses();
    await untilShown(page);
    await page.click('[data-zoom="in"]');
    await page.locator("#timeline summary").first().click();
    await page.locator("[data-pods]").selectOption("marked");
    await page.locator(".mark").nth(1).focus();
    const focused = await page.evaluate("document.activeElement.id");
    await goOn(page);
    expect(await textOf(page, "[data-zoom-level]")).toBe("2×");
    expect(await page.locator("[data-time]").getAttribute("style")).toContain("--zoom: 2");
    expect(await page.locator("#timeline details").first().getAttribute("open")).not.toBeNull();
    expect(await page.locator("[data-lane]:visible").count()).toBe(2);
    expect(await page.evaluate("document.activeElement.id")).toBe(focused);
    expect(await page.locator("#tip").isVisible()).toBe(true);
    await page.locator("[data-filter=reason]").first().uncheck();
    run.progress.load([], 6_000);
    await page.locator("header", { hasText: "6 s" }).waitFor();
    expect(await page.locator(".mark:visible").count()).toBe(0);
    await page.click('[data-zoom="all"]');
    expect(complaints).toEqual([]);
  });

  it("runs no script of a hostile workload", async () => {
    const page = await open();
    untilLosses();
    await goOn(page);
    await page.locator(".mark").last().focus();
    expect(await page.title()).toBe("Lastcall live");
    expect(await page.locator("img").count()).toBe(0);
    expect(await textOf(page, "#tip")).toContain("<img src=x");
    expect(complaints).toEqual([]);
  });

  it("shows the same to whoever comes late, and comes back by itself", async () => {
    untilLosses();
    const page = await open();
    await untilShown(page);
    await page.reload();
    await untilShown(page);
    expect(await page.locator("[data-lane]").count()).toBe(2);
  });

  it("ends in the finished report, also when nobody serves it any more", async () => {
    const page = await open();
    untilLosses();
    await untilShown(page);
    const report = failingReport();
    writeFileSync(join(directory, "report.html"), renderReport(report));
    run.finish({ verdict: "fail", headline: report.headline, directory });
    await view.stop();
    await expect.poll(() => page.title(), { timeout: 10_000 }).toMatch(/^Fail: /);
    await page.locator(".mark").first().focus();
    expect(await page.locator("#tip").isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("moves with a second run as with the first", async () => {
    const page = await open();
    untilLosses();
    await untilShown(page);
    await page.click('[data-zoom="in"]');
    run = view.follow("bank");
    run.progress.note("The bank is set up.");
    await page.locator("h1", { hasText: "bank" }).waitFor();
    expect(await page.locator("#timeline").count()).toBe(0);
    directory = runFolder("second");
    untilLosses();
    await untilShown(page);
    expect(await textOf(page, "[data-zoom-level]")).toBe("1×");
    await page.locator(".mark").first().focus();
    expect(await page.locator("#tip").isVisible()).toBe(true);
    expect(await page.locator("[data-cursor]").isVisible()).toBe(true);
    await page.keyboard.press("+");
    expect(await textOf(page, "[data-zoom-level]")).toBe("2×");
    expect(complaints).toEqual([]);
  });

  it("leaves a box unticked at its own reason when another becomes more frequent", async () => {
    const page = await open();
    untilLosses();
    await untilShown(page);
    await page.locator("[data-filter=reason]").uncheck();
    const unanswered = Array.from({ length: 60 }, (_, seq) =>
      anExchange({ ...at(4_100 + 10 * seq), seq: 430 + seq, connectionId: seq, outcome: REFUSED }),
    );
    record([], [...answered, ...lost, ...unanswered]);
    run.progress.load([], 5_500);
    await page.locator("[data-filter=reason]").nth(1).waitFor();
    const unticked = "[...document.querySelectorAll('[data-filter=reason]:not(:checked)')]";
    const values = await page.evaluate(`${unticked}.map(({ value }) => value)`);
    expect(values).toEqual(["reset-before-response"]);
    expect(complaints).toEqual([]);
  });

  it("keeps the reports of several runs behind their links", async () => {
    const page = await open();
    writeFileSync(join(directory, "report.html"), renderReport(failingReport()));
    run.finish({ verdict: "fail", headline: "3 were lost", directory });
    const other = view.follow("bank");
    other.progress.note("The bank is open.");
    await page.locator("h1", { hasText: "bank" }).waitFor();
    const second = runFolder("second");
    writeFileSync(join(second, "report.html"), renderReport(failingReport()));
    other.finish({ verdict: "pass", headline: "Nothing was lost", directory: second });
    await page.locator("a[data-report]", { hasText: "Nothing" }).first().waitFor();
    await view.stop();
    await page.locator("[data-connection]", { hasText: "are over" }).waitFor();
    await page.locator("a[data-report]", { hasText: "3 were lost" }).click();
    await expect.poll(() => page.title(), { timeout: 10_000 }).toMatch(/^Fail: /);
  });

  it("ends in the report that all repetitions have together", async () => {
    const page = await open();
    const last = view.follow("shop");
    writeFileSync(join(directory, "report.html"), renderReport(failingReport()));
    last.finish({ verdict: "fail", headline: "3 were lost", directory });
    await page.locator("[data-part=runs] li").nth(1).waitFor();
    expect(await textOf(page, "[data-part=runs] li")).toBe(
      "shop: over, without a report of its own",
    );
    await view.stop();
    await expect.poll(() => page.title(), { timeout: 10_000 }).toMatch(/^Fail: /);
  });

  it.each([400, 1280])("is no wider than a screen of %i pixels", async (width) => {
    const page = await open({ width });
    untilLosses();
    await untilShown(page);
    const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it.each(["light", "dark"] as const)(
    "has nothing that axe objects to (%s)",
    async (colorScheme) => {
      const page = await open({ colorScheme });
      untilLosses();
      await untilShown(page);
      await page.locator(".mark").first().focus();
      await page.locator("#timeline summary").first().click();
      // The browser itself puts it in: the page's own policy lets no other script run.
      const client = await page.context().newCDPSession(page);
      await client.send("Runtime.evaluate", { expression: AXE });
      const found = await page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))",
      );
      expect(found).toEqual([]);
    },
  );
});
