import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { embeddedJson, html, type Markup, trusted } from "./markup.ts";

/**
 * The page around its content: one file that needs nothing else, no network, no font, no other script.
 *
 * Its content security policy names its one script by the hash. Should a text from outside ever escape
 * the escaping, the browser still refuses to run it.
 */
export function pageFrame({ title, body, script, data }: Page): Markup {
  const source = SCRIPTS[script];
  const connects = script === "live-page";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(source, connects)}">
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
}<script type="module">${trusted(source)}</script>
</body>
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

const SCRIPTS = {
  "report-page": readAsset("client/report-page.js"),
  "index-page": readAsset("client/index-page.js"),
  "live-page": readAsset("client/live-page.js"),
};

/** Only the live page may ask for anything, and only of where it came from. */
function policy(script: string, connects: boolean): string {
  return [
    "default-src 'none'",
    ...(connects ? ["connect-src 'self'"] : []),
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function readAsset(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}
