import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Report } from "#domain/report.ts";
import { renderReport } from "#reporting/html/render-report.ts";

/** A page opened as its reader opens it: from a file, in a browser. */
export interface OpenedPage {
  readonly page: Page;
  /** Whatever the browser complained about or asked of the network. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** The browser of the machine; a test that needs one and has none must not look like a pass. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(
      `The browser tests need Chromium, and there is none at ${executablePath}. ` +
        "Install it (Debian: apt-get install chromium) or name its path in CHROMIUM.",
    );
  }
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return await chromium.launch({ executablePath, args });
}

export async function openReport(
  browser: Browser,
  report: Report,
  options: OpenOptions = {},
): Promise<OpenedPage> {
  return await openPage(browser, renderReport(report), options);
}

interface OpenOptions {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
}

export async function openPage(
  browser: Browser,
  html: string,
  options: OpenOptions = {},
): Promise<OpenedPage> {
  const directory = await mkdtemp(join(tmpdir(), "lastcall-report-"));
  const file = join(directory, "report.html");
  await writeFile(file, html);
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: 800 },
    colorScheme: options.colorScheme ?? "light",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(file).href) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return {
    page,
    complaints,
    async close() {
      await context.close();
      await rm(directory, { recursive: true });
    },
  };
}
