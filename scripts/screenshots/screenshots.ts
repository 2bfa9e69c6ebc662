import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { main } from "#cli/main.ts";
import { html } from "#reporting/html/markup.ts";
import { watchRun } from "./watched-run.ts";

/*
 * `npm run screenshots`: the pictures of README and docs, from real runs on the embedded cluster. Needs Chromium at
 * /usr/bin/chromium, or where CHROMIUM says, and `script` of util-linux; takes about three minutes.
 */
const IMAGES = new URL("../../docs/images/", import.meta.url).pathname;
const FIRST_SCREEN = { width: 1280, height: 800 };
const FEATURE = "features/rolling-update.feature";
const NOTHING_HAPPENS = `Feature: Nothing happens

  Scenario: Nothing is done to a shop
    Given 3 running Pod replicas
    When nothing is disturbed for 3 seconds
    Then the monitored metrics should satisfy:
      | metric                 | threshold |
      | request error rate     | <0.1%     |
      | deregistration latency | <2s       |
`;

// Whoever ends this ends the run that it watches.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const reports = mkdtempSync(join(tmpdir(), "lastcall-screenshots-"));
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  mkdirSync(IMAGES, { recursive: true });
  await takeAll(browser);
} finally {
  await browser.close();
  rmSync(reports, { recursive: true });
}

async function takeAll(browser: Browser): Promise<void> {
  const failed = await watchRun([FEATURE, "--scenario", "test/catches/shop-exits-at-once"], {
    reports,
    verdict: "fail",
    onDisruption: async (live) => {
      await delay(2_000); // a few pods more
      await picture(browser, live, { name: "live" });
    },
  });
  const nothing = join(reports, "nothing.feature");
  writeFileSync(nothing, NOTHING_HAPPENS);
  const open = await watchRun([nothing, "--scenario", "test/catches/nothing-terminates"], {
    reports,
    verdict: "inconclusive",
  });
  const passed = await watchRun([FEATURE, "--scenario", "scenarios/shop"], {
    reports,
    verdict: "pass",
  });
  const page = (directory: string) => pathToFileURL(join(directory, "report.html")).href;
  await picture(browser, page(passed.directory), { name: "report-pass" });
  await picture(browser, page(open.directory), { name: "report-inconclusive" });
  await picture(browser, page(failed.directory), {
    name: "report-fail",
    needs: "[data-first=fix]",
  });
  const narrow = { width: 400, height: 800 };
  await picture(browser, page(failed.directory), {
    ...{ name: "report-narrow", size: narrow, needs: "[data-first=fix]" },
  });
  await picture(browser, page(failed.directory), { name: "report-timeline", part: "#timeline" });
  await picture(browser, pathToFileURL(join(reports, "index.html")).href, { name: "index" });
  const compared = join(reports, "compared.html");
  const args = ["report", "--compare", failed.directory, passed.directory, "--html", compared];
  await main(args, { out: { write: () => undefined }, err: process.stderr });
  await picture(browser, pathToFileURL(compared).href, { name: "comparison" });
  writeFileSync(join(reports, "terminal.html"), terminalPage(failed.terminal));
  const terminal = pathToFileURL(join(reports, "terminal.html")).href;
  await picture(browser, terminal, { name: "terminal", part: "pre" });
}

/** Fails when what its reader came for is not on it: a picture of half a cause would be a lie about the report. */
async function picture(
  browser: Browser,
  url: string,
  {
    name,
    size = FIRST_SCREEN,
    needs,
    part,
  }: {
    readonly name: string;
    readonly size?: typeof FIRST_SCREEN;
    readonly needs?: string;
    readonly part?: string;
  },
): Promise<void> {
  const page = await browser.newPage({ viewport: size });
  await page.goto(url);
  if (needs !== undefined) {
    const box = await page.locator(needs).boundingBox();
    if (box === null || box.y + box.height > size.height) {
      throw new Error(`${needs} is not on the first screen of ${name}.`);
    }
  }
  if (url.startsWith("http")) await page.locator("[data-live] .chart").first().waitFor();
  const path = join(IMAGES, `${name}.png`);
  if (part === undefined) await page.screenshot({ path });
  else await page.locator(part).first().screenshot({ path });
  await page.close();
  process.stdout.write(`${path}\n`);
}

function terminalPage(rows: readonly string[]): string {
  return html`<!doctype html><meta charset="utf-8">
<style>body { margin: 0 } pre { display: inline-block; margin: 0; padding: 16px 20px; background: #12161b; color: #e7ebf0;
font: 13px/1.45 "Noto Sans Mono", "DejaVu Sans Mono", monospace }</style>
<pre>${rows.join("\n")}</pre>`.toString();
}
