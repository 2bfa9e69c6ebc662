import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

/**
 * `node scripts/screenshot.ts REPORT.html PICTURE.png`: the upper part of a report as the README shows it.
 * Needs Chromium at /usr/bin/chromium, or where CHROMIUM says.
 */
const [report, picture] = process.argv.slice(2);
if (report === undefined || picture === undefined) {
  process.stderr.write("usage: node scripts/screenshot.ts REPORT.html PICTURE.png\n");
  process.exit(64);
}
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 2080 } });
  await page.goto(pathToFileURL(report).href);
  await page.screenshot({ path: picture });
} finally {
  await browser.close();
}
