import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { clientScript } from "./client-script.ts";
import { embeddedJson, html, type Markup, trusted } from "./markup.ts";

/**
 * The page around its content: one file that needs nothing else, no network, no font, no other script.
 *
 * Its content security policy names its scripts by their hashes. Should a text from outside ever escape
 * the escaping, the browser still refuses to run it.
 */
export function pageFrame({ title, body, script, data }: Page): Markup {
  const sources = SCRIPTS[script];
  const connects = script === "live-page";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(sources, connects)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(STYLES)}</style>
</head>
<body>
${body}
${
  data !== undefined &&
  html`<script type="application/json" id="report-data">${embeddedJson(data)}</script>
`
}${sources.map((source) => html`<script type="module">${trusted(source)}</script>\n`)}</body>
</html>
`;
}

interface Page {
  readonly title: string;
  readonly body: Markup;
  readonly script: keyof typeof SCRIPTS;
  /** What the script reads; the page is complete without it. */
  readonly data?: unknown;
}

/** In the order of the cascade: the narrow screen and the paper speak last. */
const STYLES = [
  "page",
  "tables",
  "verdict",
  "advice",
  "sign-off",
  "timeline",
  "lanes",
  "marks",
  "charts",
  "latency",
  "live",
  "runs",
  "narrow",
  "paper",
]
  .map((name) => readAsset(`styles/${name}.css`))
  .join("");

const REPORT_SCRIPT = clientScript("page-parts", "mark-cards", "mark-filters", "report-page");

/** The live page moves as the report does: it has the report's script, and one that feeds it. */
const SCRIPTS = {
  "report-page": [REPORT_SCRIPT],
  "index-page": [clientScript("index-page")],
  "live-page": [REPORT_SCRIPT, clientScript("page-parts", "live-page")],
};

/** Only the live page may ask for anything, and only of where it came from. */
function policy(scripts: readonly string[], connects: boolean): string {
  const hashes = scripts.map(
    (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  return [
    "default-src 'none'",
    ...(connects ? ["connect-src 'self'"] : []),
    "style-src 'unsafe-inline'",
    `script-src ${hashes.join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function readAsset(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}
