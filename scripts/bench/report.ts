import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { judge } from "#checkers/judge.ts";
import { openRun } from "#history/open-run.ts";
import { listRuns } from "#history/run-index.ts";
import { renderIndex } from "#reporting/html/index/render-index.ts";
import { renderReport } from "#reporting/html/render-report.ts";
import { listResult } from "#reporting/json/list-result.ts";
import { renderResult } from "#reporting/json/render-result.ts";
import { writeLongRun } from "./long-run.ts";
import { print } from "./print.ts";

/*
 * What a reader of a report waits for: its size, the time to write it, the first paint, and the time of a
 * frame while the timeline is zoomed in and panned. Needs Chromium at /usr/bin/chromium, or where CHROMIUM says.
 */
const SIZES = [10_000, 100_000, 1_000_000];
const RUNS = 1_000;
const FRAMES = 60;

const folder = mkdtempSync(join(tmpdir(), "lastcall-bench-"));
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  await measureReports();
  await measureIndex();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

async function measureReports(): Promise<void> {
  print(
    "## Reading a report",
    "| exchanges | failures drawn | size | time to write | first paint | frame while panning, median / p95 |",
    "|---|---|---|---|---|---|",
  );
  for (const size of SIZES) {
    const directory = join(folder, String(size));
    mkdirSync(directory);
    writeLongRun(directory, { exchanges: size, failureEvery: 100 });
    const report = judge(await openRun(directory), []);
    const startedAtMs = performance.now();
    const file = join(directory, "report.html");
    writeFileSync(file, renderReport(report));
    const wroteMs = performance.now() - startedAtMs;
    const { paintMs, page } = await open(browser, file);
    const frames = await panFrames(page);
    await page.close();
    print(
      `| ${size.toLocaleString("en")} | ${report.marks.length} | ${kilobytes(file)} | ${wroteMs.toFixed(0)} ms | ${paintMs.toFixed(0)} ms | ${frames} |`,
    );
  }
}

async function measureIndex(): Promise<void> {
  const reports = join(folder, "reports");
  mkdirSync(reports);
  const result = renderResult(judge(await openRun(join(folder, String(SIZES[0]))), []));
  for (let run = 0; run < RUNS; run += 1) {
    mkdirSync(join(reports, `run-${run}`));
    const startedAt = new Date(Date.UTC(2026, 0, 1) + run * 3_600_000).toISOString();
    const own = result.replace(/"startedAt": "[^"]*"/, `"startedAt": "${startedAt}"`);
    writeFileSync(join(reports, `run-${run}`, "result.json"), own);
  }
  const built = await timed(() => listRuns(reports, listResult));
  const again = await timed(() => listRuns(reports, listResult));
  const file = join(reports, "index.html");
  const drawn = await timed(async () => writeFileSync(file, renderIndex(again.value)));
  const { paintMs, page } = await open(browser, file);
  await page.close();
  print(
    `## The list of ${RUNS.toLocaleString("en")} runs`,
    `Index built in ${built.ms.toFixed(0)} ms, brought up to date in ${again.ms.toFixed(0)} ms; page of ${kilobytes(file)} drawn in ${drawn.ms.toFixed(0)} ms, first paint ${paintMs.toFixed(0)} ms.`,
  );
}

async function open(browser: Browser, file: string): Promise<{ paintMs: number; page: Page }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(pathToFileURL(file).href);
  const paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";
  const painted = await page.waitForFunction(paint);
  return { paintMs: Number(await painted.jsonValue()), page };
}

/** The timeline at a zoom of 16, moved by a little more in each frame. */
async function panFrames(page: Page): Promise<string> {
  const frames = await page.evaluate<number[]>(`(async () => {
    document.querySelector("[data-time]").style.setProperty("--zoom", "16");
    const viewport = document.querySelector(".viewport");
    viewport.scrollIntoView();
    const frame = () => new Promise(requestAnimationFrame);
    const times = [];
    let last = await frame();
    for (let i = 0; i < ${FRAMES}; i += 1) {
      viewport.scrollLeft += 40;
      const now = await frame();
      times.push(now - last);
      last = now;
    }
    return times.sort((a, b) => a - b);
  })()`);
  const at = (share: number) => frames[Math.floor(share * (frames.length - 1))]?.toFixed(1);
  return `${at(0.5)} / ${at(0.95)} ms`;
}

function kilobytes(file: string): string {
  return `${Math.round(statSync(file).size / 1_024).toLocaleString("en")} KB`;
}

async function timed<T>(
  act: () => Promise<T>,
): Promise<{ readonly ms: number; readonly value: T }> {
  const startedAtMs = performance.now();
  const value = await act();
  return { ms: performance.now() - startedAtMs, value };
}
