import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { embeddedJson, html, type Markup, trusted } from "./markup.ts";

/**
 * The page around its content: one file that needs nothing else, no network, no font, no other script.
 *
 * Its content security policy names its one script by the hash. Should a text from outside ever escape
 * the escaping, the browser still refuses to run it.
 */
export function pageFrame({
  title,
  body,
  data,
}: {
  readonly title: string;
  readonly body: Markup;
  /** What the script reads; the page is complete without it. */
  readonly data: unknown;
}): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(STYLES)}</style>
</head>
<body>
${body}
<script type="application/json" id="report-data">${embeddedJson(data)}</script>
<script type="module">${trusted(SCRIPT)}</script>
</body>
</html>
`;
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
  "narrow",
  "paper",
]
  .map((name) => readAsset(`styles/${name}.css`))
  .join("");

const SCRIPT = readAsset("client/report-page.js");

const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function readAsset(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}
